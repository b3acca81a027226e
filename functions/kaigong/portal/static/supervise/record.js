// The page of a record: taking photos leads away from it and back. Everything works without this file.
"use strict";
keepTyped("supervision", location.pathname, true);
if (new URLSearchParams(location.search).get("sent"))
  history.replaceState(history.state, "", location.pathname); // who comes back here has sent nothing anew
