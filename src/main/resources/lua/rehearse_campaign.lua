--[[
rehearse_campaign: creates a campaign in which nothing can be won, for a node that warms up. The catalogue knows nothing
of it, nor does the register, so nothing follows from it; it goes by itself.

KEYS   1 campaign  2 stock  3 participants  4 outbox  5 eligible   (as in claim_coupons)
ARGV
  1   state    'PUBLISHED', and it is sold out, or 'PAUSED'
  2   seconds  after which it goes, 1 to 3600
  3…  members  who have won, 0 to 1000

REPLY  'CREATED', or 'IN_USE': a campaign of this id is there; nothing is written
]]
local campaign_key, stock_key, participants_key, outbox_key, eligible_key = unpack(KEYS)
local seconds = tonumber(ARGV[2] or '')

if #KEYS ~= 5 or (ARGV[1] ~= 'PUBLISHED' and ARGV[1] ~= 'PAUSED') or not seconds or seconds < 1 or seconds > 3600
    or #ARGV > 1002 then
    return redis.error_reply('ERR rehearse_campaign: bad arguments')
end
local server = redis.call('INFO', 'replication')
local home = string.match(server, 'master_replid:(%x+)')
if not home or not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY rehearse_campaign: not the primary')
end
if redis.call('EXISTS', unpack(KEYS)) > 0 then
    return 'IN_USE'
end

local issued = string.format('%d', math.max(1, #ARGV - 2))
redis.call('SET', stock_key, '0')
redis.call('HSET', participants_key, '', 'marker')
for i = 3, #ARGV do
    local code = string.sub(redis.sha1hex(ARGV[i]), 1, 20)
    redis.call('HSET', participants_key, ARGV[i], string.format('%d:%s:0:1:ISSUED', i - 2, code))
end
redis.call('XDEL', outbox_key, redis.call('XADD', outbox_key, '*', 'marker', ''))
redis.call('SADD', eligible_key, '')
redis.call('HSET', campaign_key,
    'name', 'rehearsal', 'state', ARGV[1], 'quantity', issued, 'returned', '0', 'issued', issued,
    'opensAt', '0', 'closesAt', '0', 'eligibility', 'EVERYONE',
    'allowList', '0', 'retainedUntil', '0', 'version', '1', 'generation', '1', 'epoch', '1',
    'home', home, 'fence', '0', 'cut', issued, 'published', issued)
for i = 1, 5 do
    redis.call('EXPIRE', KEYS[i], seconds)
end
return 'CREATED'
