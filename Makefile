# One command for each thing that is done here. `demo` and `test` set up what they need.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE # with it, every process of the tests would compile what it imports

.PHONY: help setup demo test quick units lint style warm schemas messages bench load corpus up down clean lock

help: ## 列出各项命令 / list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: ## 准备全部环境 / make every environment
	@infra/setup

demo: setup ## 从拿地到开工的完整演示（ARGS=--with-correction：其中有一次补正） / the city's case, end to end, on local AWS
	@$(BIN)/kaigong demo $(ARGS)

test: setup ## 检查与全部测试（T=路径：只运行该处） / lint and all tests, cfn-lint too; T=PATH: only that file, folder or test
	@$(if $(T),$(BIN)/pytest '$(T)',$(MAKE) --no-print-directory -j2 style warm && infra/browser > /dev/null && infra/browser shell > /dev/null && $(BIN)/pytest -n 3)

# pytest rewrites what tests assert when it first imports them: once, beside the checks, and not in each worker. What
# cannot be imported is told by the run that follows.
warm: setup
	@$(BIN)/pytest --collect-only -qq tests/unit &> /dev/null & $(BIN)/pytest --collect-only -qq tests/[!u]* &> /dev/null; wait

quick: setup ## 风格检查与单元测试（最长的几项除外） / style and unit tests, but the few that take long
	@$(MAKE) --no-print-directory -j2 style units

units: setup
	@$(BIN)/pytest -n 2 -m 'not long' tests/unit

lint: style ## 风格、类型、架构、模板 / style, types, architecture, template
	@infra/setup checkov
	@$(BIN)/cfn-lint template.yaml infra/*/*.yaml
	@LOG_LEVEL=ERROR .local/checkov/bin/checkov --config-file .checkov.yaml

style: setup
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

schemas: setup ## 重新生成 schemas/ / write schemas/ anew
	@$(BIN)/python -m infra.schemas

messages: setup ## 页面文字：提取、更新并编译各语言的目录 / take up what pages say into every language's catalogue
	@$(BIN)/python -m infra.messages

bench: setup ## 性能测量（CORPUS=目录：另比较其中的 PDF） / measure; CORPUS=DIR: compare the readers on its PDFs as well
	@$(BIN)/python -m tests.bench $(if $(CORPUS),--corpus '$(CORPUS)')

load: setup ## 压力与故障：N 份材料包（缺省 60）都只办结一次 / many packets while things go wrong, each decided once: make load N=60
	@$(BIN)/python -m tests.load $(or $(N),60)

corpus: setup ## 用 CORPUS=目录 中的文件检验材料审查 / examine the files of CORPUS=DIR against their truth
	@$(BIN)/python -m infra.samples.corpus "$(CORPUS)"

up: setup ## 启动本地 AWS 并部署，列出地址和账号 / start local AWS and deploy; shows addresses and accounts
	@$(BIN)/kaigong up

down: ## 停止本地 AWS / stop local AWS
	@$(BIN)/kaigong down

clean: ## 停止并删除一切生成物 / stop, and delete all that was made
	@if [[ -x $(BIN)/python ]]; then $(BIN)/python -m infra.local down --all; fi
	@rm -rf .venv .local .aws-sam out kaigong.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

lock: setup ## 重写各锁定文件 / write the locks anew
	@infra/lock
