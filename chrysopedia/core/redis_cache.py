"""Django's cache on Redis, with what locks need: renewing and removing a key only while it is one's own."""

from typing import Any

from django_redis.cache import RedisCache as BaseRedisCache

# A comparison and its consequence in one step, which Redis offers through scripts only.
DELETE_IF = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"
TOUCH_IF = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end"
)


class RedisCache(BaseRedisCache):  # type: ignore[misc]
    """As django-redis has it, and two writes that depend on the value."""

    def delete_if(self, key: Any, value: Any, version: int | None = None) -> bool:
        """Remove a live key if it holds this very value (a text): gives back one's own lock."""
        return self._run(DELETE_IF, key, value, version=version)

    def touch_if(self, key: Any, value: Any, timeout: float, version: int | None = None) -> bool:
        """Give a live key a new expiry in seconds if it holds this very value (a text): renews one's own lock."""
        return self._run(TOUCH_IF, key, value, int(timeout * 1000), version=version)

    def _run(self, script: str, key: Any, value: Any, *arguments: int, version: int | None) -> bool:
        client = self.client.get_client(write=True)
        name = self.client.make_key(key, version=version)
        return bool(client.eval(script, 1, name, self.client.encode(value), *arguments))
