"""The HTTP API, pure: routes, bodies, answers, problems. The portal serves it; openapi.yaml is generated from it."""
