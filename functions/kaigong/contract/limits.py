"""How often one caller may do what costs much. All of it choice: generous for people, tight for programs that guess.

Behind these stands the throttling of API Gateway (template.yaml, `ApiStage`), which protects all from all.
"""

from kaigong.domain.model.limit import Limit

SIGN_IN = Limit(name="sign-in", calls=240, seconds=60)  # of an address, behind which a whole hall may sit
SIGNED_OUT = Limit(name="signed-out", calls=1200, seconds=60)  # words of the issuer's, from an address of its own
UPLOADS = Limit(name="uploads", calls=600, seconds=600)  # permits; a packet has some forty papers, a large scan parts
LETTERS = Limit(name="letters", calls=60, seconds=60)
ACTS = Limit(name="acts", calls=60, seconds=60)
PROGRESS = Limit(name="progress", calls=240, seconds=60)  # of an address; a page asks by itself, 20 times at most
BEGINNINGS = Limit(name="beginnings", calls=60, seconds=60)  # of applications
VERIFY = Limit(name="verify", calls=120, seconds=60)  # of an address, behind which a whole bank may sit
POLICIES = Limit(name="policies", calls=120, seconds=60)  # of an address: some reads a policy
STORIES = Limit(name="stories", calls=60, seconds=60)  # each reads up to twenty packets whole
SEARCH = Limit(name="search", calls=60, seconds=60)
