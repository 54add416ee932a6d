"""The breakers' steps as Lua, each atomic, on the server's clock; ``local_breaker`` has the same in Python.

A breaker is a hash: ``failures`` in a row while closed, ``until`` when it opened, ``trial`` until when one is under way
(times in milliseconds). No hash is a closed breaker.
"""

_NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function number(field) return tonumber(redis.call('HGET', KEYS[1], field) or '0') end
"""

ALLOW = (
    _NOW
    + """
local opened = number('until')
if opened == 0 then return {'closed', 0} end
local busy = math.max(opened, number('trial'))
if now < busy then return {'open', busy - now} end
redis.call('HSET', KEYS[1], 'trial', now + ARGV[1])
return {'trial', 0}
"""
)

SUCCEEDED = (
    _NOW
    + """
if ARGV[1] == 'trial' or number('until') == 0 then redis.call('DEL', KEYS[1]) end
return {'ok'}
"""
)

FAILED = (
    _NOW
    + """
local opens = tonumber(ARGV[4])
if ARGV[1] == 'trial' then
  opens = math.max(opens, ARGV[3])
elseif number('until') == 0 then
  local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
  if failures >= tonumber(ARGV[2]) then opens = math.max(opens, ARGV[3]) end
end
if opens > 0 then
  redis.call('HSET', KEYS[1], 'until', math.max(number('until'), now + opens))
  redis.call('HDEL', KEYS[1], 'trial')
end
redis.call('PEXPIRE', KEYS[1], 7200000)
return {'ok'}
"""
)

RELEASED = """
redis.call('HDEL', KEYS[1], 'trial')
return {'ok'}
"""

STATE = (
    _NOW
    + """
local opened = number('until')
if opened == 0 then return {'closed', number('failures'), 0} end
if now < opened then return {'open', number('failures'), opened - now} end
return {'half-open', number('failures'), 0}
"""
)
