"""The workbench of a department's officers."""
