--[[
change_campaign: applies one version of the catalogue to an armed campaign, as absolute values. It never creates a
key, so it can never refill a stock that was lost.

KEYS   1 campaign  2 stock  3 participants  4 outbox  5 eligible   (as in claim_coupons)
ARGV
  1  name           text
  2  state          'DRAFT', 'PUBLISHED', 'PAUSED', 'CLOSED' or 'ARCHIVED'
  3  quantity       coupons
  4  returned       coupons given back by revocation
  5  opensAt        ms since 1970
  6  closesAt       ms since 1970, 0 = never
  7  eligibility    'EVERYONE' or 'ALLOW_LIST'
  8  retainedUntil  ms since 1970, when an archived campaign forgets its winners; 0 in any other state
  9  version        of the catalogue

REPLY
  { outcome, version in force (0 = none), number of the allow-list in force }
  { 'REMEMBERED', ms }  it is announced, because the campaign is sold out and nodes may answer from memory; to be made
                  after so long
  'APPLIED'       written; the generation went up by one. ARCHIVED also drops stock, outbox and allow-list
  'CURRENT'       this version is there already, just so; it is written over with its own value, so that the WAIT that
                  follows on this connection has something to wait for
  'OUTRUN'        a newer version is there, or this one with other values; nothing is written
  'BELOW_ISSUED'  quantity + returned would be less than what is issued; nothing is written
  'NOT_DRAINED'   ARCHIVED, but the outbox is not empty; nothing is written
  'ABSENT'        the campaign is not armed, suspended, damaged, not at home on this server, or would come back from the
                  archive; nothing is written. What contradicts itself is left to a rebuild: a change that computed the
                  stock anew would hide the damage, and serials would be issued twice

Beside its reply it drops the participants of an archived campaign whose retention has ended by the server's clock.
]]
local MEMORY_MS, PATIENCE_MS = 250, 1000 -- as in claim_coupons

local campaign_key, stock_key, participants_key, outbox_key, eligible_key = unpack(KEYS)
local quantity, returned, version = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[9])
local names = { 'name', 'state', 'quantity', 'returned', 'opensAt', 'closesAt', 'eligibility', 'retainedUntil' }

if #KEYS ~= 5 or #ARGV ~= 9 or not (quantity and returned and version)
    or not (tonumber(ARGV[5]) and tonumber(ARGV[6]) and tonumber(ARGV[8])) then
    return redis.error_reply('ERR change_campaign: bad arguments')
end

local server = redis.call('INFO', 'replication')
if not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY change_campaign: not the primary')
end
local fields = redis.call('HMGET', campaign_key, 'version', 'issued', 'generation', 'allowList', unpack(names))
local home, announced_at = unpack(redis.call('HMGET', campaign_key, 'home', 'announcedAt'))
announced_at = tonumber(announced_at or 0)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stored, issued, generation, allow_list =
    tonumber(fields[1] or ''), tonumber(fields[2] or ''), tonumber(fields[3] or ''), tonumber(fields[4] or '')
local stored_quantity, stored_returned = tonumber(fields[7] or ''), tonumber(fields[8] or '')
local archived = fields[6] == 'ARCHIVED'
if not (stored and issued and generation and allow_list and fields[6] and stored_quantity and stored_returned)
    or fields[6] == 'RECOVERING' or (archived and ARGV[2] ~= 'ARCHIVED')
    or (fields[6] ~= 'DRAFT' and not (home and string.find(server, 'master_replid:' .. home, 1, true)))
    or (not archived and (redis.call('TYPE', outbox_key).ok ~= 'stream'
        or redis.call('HEXISTS', participants_key, '') == 0
        or tonumber(redis.call('GET', stock_key) or '') ~= stored_quantity + stored_returned - issued)) then
    return { 'ABSENT', 0, 0 }
end

if version <= stored then
    local same = version == stored
    for i = 1, #names do
        same = same and fields[i + 4] == ARGV[i]
    end
    if not same then
        return { 'OUTRUN', stored, allow_list }
    end
    redis.call('HSET', campaign_key, 'version', fields[1])
    if archived and now >= tonumber(ARGV[8]) then
        redis.call('UNLINK', participants_key)
    end
    return { 'CURRENT', stored, allow_list }
end
if quantity + returned < issued then
    return { 'BELOW_ISSUED', stored, allow_list }
end
if ARGV[2] == 'ARCHIVED' and redis.call('XLEN', outbox_key) > 0 then
    return { 'NOT_DRAINED', stored, allow_list }
end

if fields[6] ~= 'DRAFT' and not archived and stored_quantity + stored_returned == issued then
    local age = now - announced_at
    if age < 0 or age >= PATIENCE_MS then
        age = 0
        redis.call('HSET', campaign_key, 'announcedAt', string.format('%d', now))
    end
    if age < MEMORY_MS then
        return { 'REMEMBERED', MEMORY_MS - age }
    end
end

if ARGV[2] == 'ARCHIVED' then
    redis.call('UNLINK', stock_key, outbox_key, eligible_key)
else
    redis.call('SET', stock_key, string.format('%d', quantity + returned - issued))
end
local written = { 'version', ARGV[9], 'generation', string.format('%d', generation + 1) }
for i = 1, #names do
    written[#written + 1] = names[i]
    written[#written + 1] = ARGV[i]
end
redis.call('HDEL', campaign_key, 'announcedAt')
redis.call('HSET', campaign_key, unpack(written))
return { 'APPLIED', version, allow_list }
