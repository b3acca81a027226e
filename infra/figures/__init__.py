"""The city's figures, counted from the catalogue and from the flow before the reform."""
