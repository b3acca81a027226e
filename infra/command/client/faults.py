"""Faults of AWS and of the network, in the reader's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError
from kaigong.errors import Refused, TryAgain
from urllib3.exceptions import HTTPError


class Unreachable(TryAgain):
    """The stack does not answer. Nothing is known about whether the last call was done; calls may be repeated."""


class CallRefused(Refused):
    """The stack answered and said no. `code` is AWS's or the API's own."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.code = code


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn what the AWS SDK and the HTTP client raise into errors of ours. `what` names the service that was called.

    Raises CallRefused for an answer that says no, Unreachable where there was no usable answer.
    """
    try:
        yield
    except ClientError as error:
        raise _refused(what, error) from error
    except (NoCredentialsError, NoRegionError) as error:
        raise Unreachable(
            "没有可用的 AWS 凭证或区域。请先登录（如 aws sso login）或设置 AWS_PROFILE；本机的系统请先 kaigong up。",
            "There are no AWS credentials, or no region. Sign in first (for example aws sso login) or set AWS_PROFILE; "
            "a local stack is started by kaigong up.",
        ) from error
    except (BotoCoreError, HTTPError, S3UploadFailedError) as error:
        raise Unreachable(
            f"{what} 没有应答：{error}。请检查网络以及系统是否已启动（本机：kaigong up），然后重试。",
            f"{what} does not answer: {error}. Check the network and whether the stack is up (locally: kaigong up), "
            "then try again.",
        ) from error


def _refused(what: str, error: ClientError) -> CallRefused:
    code = str(error.response.get("Error", {}).get("Code", "unknown"))
    message = error.response.get("Error", {}).get("Message", "")
    return CallRefused(
        code,
        f"{what} 拒绝了 {error.operation_name}（{code}）：{message}。请核对权限和名称。",
        f"{what} refused {error.operation_name} ({code}): {message}. Check the permissions and the names.",
    )
