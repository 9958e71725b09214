--[[
read_winners: one page of a campaign's winners. A winner who is there from the first page to the last is in one of them,
perhaps in several, as long as all pages come of the same home. Writes nothing.

KEYS   1 campaign  2 participants   (as in claim_coupons)
ARGV
  1  cursor  of the page before; '0' for the first
  2  limit   about how many, 1 to 10000

REPLY
  { 'ABSENT' }  the campaign is not armed, suspended, damaged or not at home on this server
  { 'INTACT', home (as claim_coupons names it), winners in all, cursor ('0' after the last),
    { member, record, member, record … }, perhaps with the marker among them }
]]
local campaign_key, participants_key = unpack(KEYS)
local limit = tonumber(ARGV[2] or '')

if #KEYS ~= 2 or #ARGV ~= 2 or not string.match(ARGV[1], '^%d+$') or not limit or limit < 1 or limit > 10000 then
    return redis.error_reply('ERR read_winners: bad arguments')
end
local server = redis.call('INFO', 'replication')
if not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY read_winners: not the primary')
end
local state, home, epoch = unpack(redis.call('HMGET', campaign_key, 'state', 'home', 'epoch'))
if not (state and home and epoch) or state == 'RECOVERING' or home ~= string.match(server, 'master_replid:(%x+)')
    or redis.call('HEXISTS', participants_key, '') == 0 then
    return { 'ABSENT' }
end
local scan = redis.call('HSCAN', participants_key, ARGV[1], 'COUNT', ARGV[2])
return { 'INTACT', home .. '/' .. epoch, redis.call('HLEN', participants_key) - 1, scan[1], scan[2] }
