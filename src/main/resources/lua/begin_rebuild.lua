--[[
begin_rebuild: gives the token of a suspended campaign's rebuild to one caller. Whatever a rebuild writes later is
written by scripts that check the token, so one that outlived its lease writes nothing once another has begun. The
token holds for this server only: one that is promoted in the middle may have the token and lack what was written since.

KEYS   1 campaign  2 stock  3 participants  4 outbox  5 eligible   (as in claim_coupons)
ARGV
  1  token  names the caller; 1 byte or more
  2  lease  ms until another may begin; every write of the rebuild starts it anew
  3  mode   'begin', or 'prolong' for whoever has begun and wants to go on

REPLY
  { 'BEGUN', fence }  the caller holds the token; fence is the highest serial that callers of claim_coupons have seen,
                      or that the campaign itself says was issued
  { 'HELD' }          another holds it, or nobody who prolongs; nothing is written
  { 'INTACT' }        the campaign is not suspended; nothing is written

Where nothing is left of the campaign hash it is created, suspended. A key of another type holds nothing of ours and is
dropped. Where the allow-list is damaged it counts as one that was never brought.
]]
local campaign_key, stock_key, participants_key, outbox_key, eligible_key = unpack(KEYS)
local token, lease, mode = ARGV[1], tonumber(ARGV[2]), ARGV[3]

if #KEYS ~= 5 or #ARGV ~= 3 or #token < 1 or not lease or lease < 1 or (mode ~= 'begin' and mode ~= 'prolong') then
    return redis.error_reply('ERR begin_rebuild: bad arguments')
end
local server = redis.call('INFO', 'replication')
local home = string.match(server, 'master_replid:(%x+)')
if not home or not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY begin_rebuild: not the primary')
end
local function keep_only(key, kind)
    if redis.call('TYPE', key).ok ~= kind then
        redis.call('DEL', key)
    end
end
keep_only(campaign_key, 'hash')
local fields = redis.call('HMGET', campaign_key,
    'state', 'rebuilder', 'rebuilderUntil', 'fence', 'allowList', 'generation', 'issued')
if fields[1] and fields[1] ~= 'RECOVERING' then
    return { 'INTACT' }
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holder = token .. '@' .. home
if mode == 'prolong' and fields[2] ~= holder then
    return { 'HELD' }
end
if fields[2] and fields[2] ~= holder and string.match(fields[2], '@(%x+)$') == home
    and now < (tonumber(fields[3] or '') or 0) then
    return { 'HELD' }
end

local fence = math.max(tonumber(fields[4] or '') or 0, tonumber(fields[7] or '') or 0)
keep_only(stock_key, 'string')
keep_only(participants_key, 'hash')
keep_only(outbox_key, 'stream')
keep_only(eligible_key, 'set')
local whole = redis.call('SISMEMBER', eligible_key, '') == 1
redis.call('HSET', campaign_key,
    'state', 'RECOVERING', 'rebuilder', holder, 'rebuilderUntil', string.format('%d', now + lease),
    'fence', string.format('%d', fence),
    'allowList', string.format('%d', whole and tonumber(fields[5] or '') or 0),
    'generation', string.format('%d', tonumber(fields[6] or '') or 0))
return { 'BEGUN', fence }
