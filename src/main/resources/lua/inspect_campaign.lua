--[[
inspect_campaign: how a campaign stands, for whoever compares it with the ledger, read at one instant. Writes nothing.
Numbers that contradict each other are told as they are.

KEYS   1 campaign  2 stock  3 participants  4 outbox   (as in claim_coupons)
REPLY
  { 'ABSENT' }      there is no such campaign hash
  { 'RECOVERING' }  it is suspended, not at home on this server, or a key or field is missing or cannot be read
  { 'INTACT', state, version, quantity, returned, issued, remaining, winners, outbox entries, generation, epoch,
    now (ms) }

An archived campaign needs neither stock nor outbox, and no participants once its retention has ended.
]]
local campaign_key, stock_key, participants_key, outbox_key = unpack(KEYS)

if #KEYS ~= 4 or #ARGV ~= 0 then
    return redis.error_reply('ERR inspect_campaign: bad arguments')
end
local server = redis.call('INFO', 'replication')
if not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY inspect_campaign: not the primary')
end
if redis.call('EXISTS', campaign_key) == 0 then
    return { 'ABSENT' }
end

-- pcall, because a key that holds something else is damage, too, and not an error of the caller
local fields = redis.pcall('HMGET', campaign_key,
    'state', 'home', 'version', 'quantity', 'returned', 'issued', 'generation', 'epoch', 'retainedUntil')
local known_states = { DRAFT = true, PUBLISHED = true, PAUSED = true, CLOSED = true, ARCHIVED = true }
local state = fields[1]
if fields.err or not known_states[state]
    or (state ~= 'DRAFT' and fields[2] ~= string.match(server, 'master_replid:(%x+)')) then
    return { 'RECOVERING' }
end
-- Not tonumber, which also reads what is no count; 15 digits are exact in Lua.
local function is_whole(text)
    return type(text) == 'string' and #text <= 15 and string.find(text, '^%-?%d+$') ~= nil
end
for i = 3, 9 do
    if not is_whole(fields[i]) then
        return { 'RECOVERING' }
    end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local archived = state == 'ARCHIVED'
local winners, waiting = 0, 0
local remaining = string.format('%d', fields[4] + fields[5] - fields[6])
if not archived or now < tonumber(fields[9]) then
    if redis.pcall('HEXISTS', participants_key, '') ~= 1 then
        return { 'RECOVERING' }
    end
    winners = redis.call('HLEN', participants_key) - 1
end
if not archived then
    remaining = redis.pcall('GET', stock_key)
    if not is_whole(remaining) or redis.call('TYPE', outbox_key).ok ~= 'stream' then
        return { 'RECOVERING' }
    end
    waiting = redis.call('XLEN', outbox_key)
end
return { 'INTACT', state, fields[3], fields[4], fields[5], fields[6], remaining, winners, waiting, fields[7], fields[8],
    string.format('%d', now) }
