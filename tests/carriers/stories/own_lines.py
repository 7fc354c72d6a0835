"""What own lines play of the forty stories (`tests/lines/test_stories.py`), for the table in the docs."""

NOT_HERE = {
    "numbers without their +": "SIP's addresses are read by the engine: test_side.py",
    "every webhook three times": "there are no webhooks",
    "status webhooks in no order": "there are no webhooks",
    "all status webhooks are lost": "there are no webhooks",
    "status webhooks half an hour late": "there are no webhooks",
    "our answer is lost, and asked for again": "an INVITE that comes again is one call: test_rubbish.py",
    "somebody else's signature": "strangers hear nothing: test_rubbish.py",
    "replayed ten minutes later": "there are no webhooks",
}
"""By the story's name, why it does not apply."""
SURVEY = "after the call, whoever talked is asked how it went"
"""A story that the carriers have not, since their networks end that line with the caller's
(`tests/lines/test_surveys.py` plays it)."""
NO_SURVEY = "Carriers end the line of whoever was rung together with the caller's: the question is not asked."
