--[[
restore_winner: gives a campaign that is not suspended a winner back whom it has lost, as the ledger has him. Whoever is
there stays as he is.

KEYS   1 campaign  2 participants   (as in claim_coupons)
ARGV
  1  member
  2  record  as in participants

REPLY, in order of precedence
  'ABSENT'     the campaign is not armed, a draft, suspended, damaged or not at home on this server; nothing is written
  'FORGOTTEN'  the campaign is archived and its retention has ended; nothing is written
  'AHEAD'      the serial is above what is issued here, and will be issued once more; nothing is written
  'RESTORED'   written; the generation went up by one
  'PRESENT'    the member holds this very coupon, revoked or not; the record is written over with its own value, so that
               the WAIT that follows on this connection has something to wait for
  'ANOTHER'    the member's record tells of another coupon, or cannot be read; nothing is written

It does not look whether another member holds the same serial: the records are not kept by serial.
]]
local campaign_key, participants_key = unpack(KEYS)
local member, record = ARGV[1] or '', ARGV[2] or ''

local form = '^(%d+):(%x+):%d+:%d+:(%u+)$'
local serial, code, status = string.match(record, form)
if #KEYS ~= 2 or #ARGV ~= 2 or #member < 1 or #member > 128 or not serial or #code ~= 20
    or (status ~= 'ISSUED' and status ~= 'REVOKED') then
    return redis.error_reply('ERR restore_winner: bad arguments')
end
local server = redis.call('INFO', 'replication')
if not string.find(server, 'role:master', 1, true) then
    return redis.error_reply('READONLY restore_winner: not the primary')
end
local fields = redis.call('HMGET', campaign_key, 'state', 'home', 'generation', 'issued', 'retainedUntil')
local state, generation, issued, retained_until =
    fields[1], tonumber(fields[3] or ''), tonumber(fields[4] or ''), tonumber(fields[5] or '')
if not (state and generation and issued and retained_until) or state == 'DRAFT' or state == 'RECOVERING'
    or fields[2] ~= string.match(server, 'master_replid:(%x+)') then
    return 'ABSENT'
end
if state == 'ARCHIVED' and tonumber(redis.call('TIME')[1]) * 1000 >= retained_until then
    return 'FORGOTTEN'
end
if redis.call('HEXISTS', participants_key, '') == 0 then
    return 'ABSENT'
end
if tonumber(serial) > issued then
    return 'AHEAD'
end

local stored = redis.call('HGET', participants_key, member)
if stored then
    local stored_serial, stored_code, stored_status = string.match(stored, form)
    if stored_serial ~= serial or stored_code ~= code
        or (stored_status ~= 'ISSUED' and stored_status ~= 'REVOKED') then
        return 'ANOTHER'
    end
    redis.call('HSET', participants_key, member, stored)
    return 'PRESENT'
end
redis.call('HSET', participants_key, member, record)
redis.call('HSET', campaign_key, 'generation', string.format('%d', generation + 1))
return 'RESTORED'
