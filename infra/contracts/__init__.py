"""The API descriptions for people who write clients: OpenAPI for HTTP, AsyncAPI for queues and the topic."""
