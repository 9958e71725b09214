--[[
resume_campaign: ends a suspension. From here on this server is the campaign's home, a new epoch has begun, and claims
are decided again, from the serial that follows all that were ever issued or voided.

KEYS   1 campaign  2 stock  3 participants  4 outbox  5 eligible   (as in claim_coupons)
ARGV
  1   token          of begin_rebuild
  2   name           text; this and what follows as the catalogue has it
  3   state          'PUBLISHED', 'PAUSED', 'CLOSED' or 'ARCHIVED'
  4   quantity       coupons
  5   returned       coupons given back by revocation
  6   opensAt        ms since 1970
  7   closesAt       ms since 1970, 0 = never
  8   eligibility    'EVERYONE' or 'ALLOW_LIST'
  9   retainedUntil  ms since 1970; 0 unless archived
  10  version        of the catalogue
  11  epoch          of the catalogue, raised for this rebuild
  12  issued         the highest serial that is in the ledger or voided there

REPLY
  'RESUMED'   written; the generation went up by one
  'OUTLIVED'  the campaign is not suspended, or the token is not that of a rebuild on this server; nothing is written
  'FENCED'    meanwhile a caller has seen a higher serial than is accounted for; nothing is written
  'LISTLESS'  the campaign has an allow-list and it is not in force yet; nothing is written
]]
local campaign_key, stock_key, participants_key, outbox_key, eligible_key = unpack(KEYS)
local token, state, eligibility = ARGV[1], ARGV[3], ARGV[8]
local quantity, returned, epoch, issued = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[11]), tonumber(ARGV[12])
local retained_until = tonumber(ARGV[9])

if #KEYS ~= 5 or #ARGV ~= 12 or not (quantity and returned and epoch and issued and retained_until)
    or not (tonumber(ARGV[6]) and tonumber(ARGV[7]) and tonumber(ARGV[10])) or issued > quantity + returned then
    return redis.error_reply('ERR resume_campaign: bad arguments')
end
local server = redis.call('INFO', 'replication')
local home = string.match(server, 'master_replid:(%x+)')
if not home or not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY resume_campaign: not the primary')
end
local fields = redis.call('HMGET', campaign_key, 'state', 'rebuilder', 'fence', 'generation')
if fields[1] ~= 'RECOVERING' or fields[2] ~= token .. '@' .. home then
    return 'OUTLIVED'
end
if math.min(tonumber(fields[3] or '') or 0, quantity + returned) > issued then
    return 'FENCED'
end
local archived = state == 'ARCHIVED'
if eligibility ~= 'EVERYONE' and not archived and redis.call('SISMEMBER', eligible_key, '') == 0 then
    return 'LISTLESS'
end

local time = redis.call('TIME')
if not archived or time[1] * 1000 < retained_until then
    redis.call('HSET', participants_key, '', 'marker')
end
if archived then
    redis.call('UNLINK', stock_key, outbox_key, eligible_key)
else
    redis.call('SET', stock_key, string.format('%d', quantity + returned - issued))
    redis.call('SADD', eligible_key, '')
    if redis.call('EXISTS', outbox_key) == 0 then
        redis.call('XDEL', outbox_key, redis.call('XADD', outbox_key, '*', 'marker', ''))
    end
end
-- All winners are in the ledger now, and those that wait in the outbox are counted once more when they are published.
local published = math.max(0, redis.call('HLEN', participants_key) - 1
    - (archived and 0 or redis.call('XLEN', outbox_key)))
redis.call('HSET', campaign_key,
    'name', ARGV[2], 'state', state, 'quantity', ARGV[4], 'returned', ARGV[5], 'issued', ARGV[12],
    'opensAt', ARGV[6], 'closesAt', ARGV[7], 'eligibility', eligibility, 'retainedUntil', ARGV[9],
    'version', ARGV[10], 'generation', string.format('%d', (tonumber(fields[4] or '') or 0) + 1),
    'epoch', ARGV[11], 'home', home, 'fence', '0', 'cut', ARGV[12],
    'published', string.format('%d', published))
redis.call('HDEL', campaign_key, 'rebuilder', 'rebuilderUntil')
return 'RESUMED'
