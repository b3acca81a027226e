"""Credit records as the city's platform sent them."""

from kaigong.domain.messages import CreditRecord
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import dump, from_attributes, to_attributes


def record(credit: CreditRecord) -> bool:
    """Keep a record unless a later published one is there. Returns whether it was kept."""
    published = credit.published_at.timestamp()
    item = {**keys.credit_key(credit.uscc), **dump(credit), "published": int(published * 1000)}
    try:
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes(item),
            ConditionExpression="attribute_not_exists(pk) OR published < :published",
            ExpressionAttributeValues=to_attributes({":published": item["published"]}),
        )
        return True
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False


def load(uscc: str) -> CreditRecord | None:
    found = client("dynamodb").get_item(TableName=settings().table_name, Key=to_attributes(keys.credit_key(uscc)))
    if "Item" not in found:
        return None
    values = from_attributes(found["Item"])
    return CreditRecord.model_validate({k: v for k, v in values.items() if k not in ("pk", "sk", "published")})
