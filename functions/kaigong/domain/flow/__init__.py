"""How a packet moves from submission to the joint result, and on to joint acceptance (并联审批): one file a rule."""
