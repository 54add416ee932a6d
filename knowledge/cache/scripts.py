"""The Lua scripts that must change several Redis keys at once.

Times are taken from the server's clock, the only one that all processes share.
"""

STORE = """
-- KEYS: entry, index of its type, generation, statistics
-- ARGV: payload, life in ms, most entries of the type, generation when the computation began ('' for any)
if ARGV[4] ~= '' and (redis.call('GET', KEYS[3]) or '0') ~= ARGV[4] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + ARGV[2], KEYS[1])
local excess = redis.call('ZCARD', KEYS[2]) - ARGV[3]
if excess > 0 then
  local out = redis.call('ZPOPMIN', KEYS[2], excess)
  for i = 1, #out, 2 do redis.call('DEL', out[i]) end
  redis.call('HINCRBY', KEYS[4], 'evictions', excess)
end
return 1
"""

ACQUIRE = """
-- KEYS: lock; ARGV: own token, lease in ms, the holder seen before ('' for none)
-- A failed holder leaves '!<token>:<why>': told to whoever waited for it, free for whoever comes later.
local held = redis.call('GET', KEYS[1])
if held then
  local failed = string.sub(held, 1, 1) == '!'
  local waited_for_it = ARGV[3] ~= '' and string.sub(held, 2, 1 + #ARGV[3]) == ARGV[3]
  if not failed or waited_for_it then return held end
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""

RENEW = """
-- KEYS: lock; ARGV: own token, lease in ms
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""

RELEASE = """
-- KEYS: lock; ARGV: own token, what waiters are told of a failure ('' for none), how long in ms
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], '!' .. ARGV[1] .. ':' .. ARGV[2], 'PX', ARGV[3])
return 1
"""
