--[[
change_campaign: applies one version of the catalogue to an armed campaign, as absolute values. It never creates a
key, so it can never refill a stock that was lost.

KEYS   1 campaign  2 stock   (as in claim_coupons)
ARGV
  1  name         text
  2  state        'DRAFT', 'PUBLISHED', 'PAUSED', 'CLOSED' or 'ARCHIVED'
  3  quantity     coupons
  4  returned     coupons given back by revocation
  5  opensAt      ms since 1970
  6  closesAt     ms since 1970, 0 = never
  7  eligibility  'EVERYONE' or 'ALLOW_LIST'
  8  version      of the catalogue

REPLY
  'APPLIED'       written; the generation went up by one
  'CURRENT'       this version or a newer one is there already; it is written over with its own value, so that the WAIT
                  that follows on this connection has something to wait for
  'BELOW_ISSUED'  quantity + returned would be less than what is issued; nothing is written
  'ABSENT'        the campaign is not armed, or damaged; nothing is written
]]
local campaign_key, stock_key = unpack(KEYS)
local quantity, returned, version = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[8])

if #KEYS ~= 2 or #ARGV ~= 8 or not (quantity and returned and version)
    or not (tonumber(ARGV[5]) and tonumber(ARGV[6])) then
    return redis.error_reply('ERR change_campaign: bad arguments')
end

local fields = redis.call('HMGET', campaign_key, 'version', 'issued', 'generation')
local stored, issued, generation = tonumber(fields[1] or ''), tonumber(fields[2] or ''), tonumber(fields[3] or '')
if not (stored and issued and generation) or redis.call('TYPE', stock_key).ok ~= 'string' then
    return 'ABSENT'
end
if version <= stored then
    redis.call('HSET', campaign_key, 'version', fields[1])
    return 'CURRENT'
end
if quantity + returned < issued then
    return 'BELOW_ISSUED'
end

redis.call('SET', stock_key, string.format('%d', quantity + returned - issued))
redis.call('HSET', campaign_key,
    'name', ARGV[1], 'state', ARGV[2], 'quantity', ARGV[3], 'returned', ARGV[4],
    'opensAt', ARGV[5], 'closesAt', ARGV[6], 'eligibility', ARGV[7],
    'version', ARGV[8], 'generation', string.format('%d', generation + 1))
return 'APPLIED'
