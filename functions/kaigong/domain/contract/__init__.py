"""What the HTTP API takes and answers: its routes, shapes, problems and limits."""
