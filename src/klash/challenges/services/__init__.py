"""What organisers and pilot officers do with a challenge."""

from klash.challenges.services.briefs import TEXTS, create_challenge, name_pilot_officer, publish_challenge, published, save_brief
from klash.challenges.services.news import tell_followers

__all__ = ["TEXTS", "create_challenge", "name_pilot_officer", "publish_challenge", "published", "save_brief", "tell_followers"]
