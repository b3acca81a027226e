"""How the catalogue names its entries, and how enterprises are numbered."""

Code = str  # short, stable, lower-case ASCII: it appears in file names, queue names and commands
CODE_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
OF_PACKET_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9-]{2,63}\.[a-z][a-z0-9-]{0,39}$"  # a packet's id, a dot, a code
CREDIT_CHARACTER = "[0-9A-HJ-NPQRTUWXY]"  # GB 32100-2015: no I, O, S, V, Z
CREDIT_CODE = f"{CREDIT_CHARACTER}{{18}}"  # the shape of an enterprise's number, 统一社会信用代码
