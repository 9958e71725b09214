--[[
swap_allow_list: puts an allow-list that was brought aside in the place of the one in force, at one instant.

KEYS
  1  campaign  hash  as in claim_coupons
  2  eligible  set   the list in force, '' = marker
  3  aside     set   the list to come, '' = marker; expires unless it is swapped
ARGV
  1  list      its number; higher for a newer one
  2  size      members it must have, the marker not counted

REPLY
  'SWAPPED'     in force now; the generation went up by one
  'CURRENT'     this list or a newer one is in force; only its number is written over with its own value, so that the
                WAIT that follows on this connection has something to wait for
  'INCOMPLETE'  the list brought aside is not whole; nothing is written
  'ABSENT'      the campaign is not armed, or damaged; nothing is written
]]
local campaign_key, eligible_key, aside_key = unpack(KEYS)
local list, size = tonumber(ARGV[1]), tonumber(ARGV[2])

if #KEYS ~= 3 or #ARGV ~= 2 or not (list and size) then
    return redis.error_reply('ERR swap_allow_list: bad arguments')
end
local fields = redis.call('HMGET', campaign_key, 'allowList', 'generation', 'state')
local stored, generation = tonumber(fields[1] or ''), tonumber(fields[2] or '')
if not (stored and generation and fields[3]) then
    return 'ABSENT'
end
if list <= stored or fields[3] == 'ARCHIVED' then
    redis.call('HSET', campaign_key, 'allowList', fields[1])
    redis.call('UNLINK', aside_key)
    return 'CURRENT'
end
if redis.call('SCARD', aside_key) ~= size + 1 or redis.call('SISMEMBER', aside_key, '') == 0 then
    return 'INCOMPLETE'
end

redis.call('UNLINK', eligible_key)
redis.call('RENAME', aside_key, eligible_key)
redis.call('PERSIST', eligible_key)
redis.call('HSET', campaign_key, 'allowList', ARGV[1], 'generation', string.format('%d', generation + 1))
return 'SWAPPED'
