"""How the catalogue names its entries."""

Code = str  # short, stable, lower-case ASCII: it appears in file names, queue names and commands
CODE_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
