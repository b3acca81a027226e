"""A stand-in for a city's message gateway: a queue on the topic of notices, and a provider that sends or fails.

It does what the contract asks of one: a message is deleted once it was sent, and the id of what was sent is kept.
"""

import json
from collections.abc import Callable
from typing import Any

from kaigong.store.queues import APPLICANT

Notice = dict[str, Any]


class Gateway:
    def __init__(self, sns: Any, sqs: Any, topic: str, name: str, send: Callable[[Notice], None]) -> None:
        """`send` raises OSError where the provider does not answer."""
        self.sqs, self.send, self.sent = sqs, send, set[str]()
        self.url = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": json.dumps(_lets(topic, arn))})
        wanted = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"for": [APPLICANT]})}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=wanted)

    def work(self) -> int:
        """Read what is there once; return how many messages that was."""
        found = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        for message in found.get("Messages", ()):
            notice = json.loads(message["Body"])
            if notice["id"] not in self.sent:
                try:
                    self.send(notice)
                except OSError:
                    continue  # it stays in the queue
                self.sent.add(notice["id"])
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return len(found.get("Messages", ()))


def _lets(topic: str, queue: str) -> dict[str, Any]:
    """What the owner of a queue says, so that a topic may send to it."""
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    return {"Version": "2012-10-17", "Statement": [allowed]}
