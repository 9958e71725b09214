--[[
arm_campaign: creates every key of a campaign that is still a draft, so that nothing need ever be inferred from
absence. A draft issues nothing, therefore arming it again is always harmless; what is already there is left alone.

KEYS   1 campaign  2 stock  3 participants  4 outbox  5 eligible   (as in claim_coupons)
ARGV
  1  name         text
  2  quantity     coupons, 1 or more
  3  opensAt      ms since 1970
  4  closesAt     ms since 1970, 0 = never
  5  eligibility  'EVERYONE' or 'ALLOW_LIST'
  6  version      of the catalogue
  7  epoch        of the catalogue

REPLY
  'ARMED'    every key was created
  'PRESENT'  the draft's hash exists; only the server it is armed on is written, so that the WAIT that follows on this
             connection has something to wait for
  'IN_USE'   a campaign of this id is public here, or has issued something; nothing is written

A draft that was lost after nodes had seen it is found suspended, and no rebuild looks after drafts. So it is armed as
if it were not there, unless anything is left that tells of a coupon.
]]
local campaign_key, stock_key, participants_key, outbox_key, eligible_key = unpack(KEYS)
local quantity = tonumber(ARGV[2])

if #KEYS ~= 5 or #ARGV ~= 7 or not quantity or quantity < 1
    or not (tonumber(ARGV[3]) and tonumber(ARGV[4]) and tonumber(ARGV[6]) and tonumber(ARGV[7])) then
    return redis.error_reply('ERR arm_campaign: bad arguments')
end
local server = redis.call('INFO', 'replication')
local home = string.match(server, 'master_replid:(%x+)')
if not home or not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY arm_campaign: not the primary')
end

-- How many a key holds beside its marker; one that is nothing of ours counts as one that holds something.
local function held(key, kind, count, marker)
    local found = redis.call('TYPE', key).ok
    if found == 'none' then
        return 0
    end
    return found ~= kind and 1 or redis.call(count, key) - (marker and redis.call('HEXISTS', key, '') or 0)
end
local fields = redis.call('HMGET', campaign_key, 'version', 'state', 'issued', 'fence')
local lost = fields[2] == 'RECOVERING' and (fields[3] or '0') == '0' and (fields[4] or '0') == '0'
    and held(participants_key, 'hash', 'HLEN', true) == 0 and held(outbox_key, 'stream', 'XLEN', false) == 0
if not lost and redis.call('EXISTS', campaign_key) == 1 then
    if not fields[1] or fields[2] ~= 'DRAFT' or fields[3] ~= '0' then
        return 'IN_USE'
    end
    redis.call('HSET', campaign_key, 'home', home)
    return 'PRESENT'
end

-- Leftovers of an arming that was cut short; a draft has neither winners nor events.
redis.call('DEL', campaign_key, stock_key, participants_key, outbox_key, eligible_key)
redis.call('SET', stock_key, ARGV[2])
redis.call('HSET', participants_key, '', 'marker')
redis.call('XDEL', outbox_key, redis.call('XADD', outbox_key, '*', 'marker', ''))
redis.call('SADD', eligible_key, '')
redis.call('HSET', campaign_key,
    'name', ARGV[1], 'state', 'DRAFT', 'quantity', ARGV[2], 'returned', '0', 'issued', '0',
    'opensAt', ARGV[3], 'closesAt', ARGV[4], 'eligibility', ARGV[5],
    'allowList', '0', 'retainedUntil', '0', 'version', ARGV[6], 'generation', '1', 'epoch', ARGV[7],
    'home', home, 'fence', '0', 'cut', '0', 'published', '0')
return 'ARMED'
