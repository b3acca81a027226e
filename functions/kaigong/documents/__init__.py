"""The documents that the city issues (文书): from values to a PDF that people read, machines read aloud, archives keep.

`accepted`, `notices` and `result` say what stands on which document; `typeset` makes it a PDF/A by the template beside
it; `seal` signs it. Nothing here talks to anybody: key and time stamps come as functions. See docs/documents.md.
"""
