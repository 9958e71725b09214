--[[
suspend_campaign: stops the deciding of claims until the campaign is rebuilt.

KEYS   1 campaign   (as in claim_coupons)
REPLY
  'SUSPENDED'  nobody is answered until resume_campaign
  'DRAFT'      it has issued nothing; nothing is written
]]
local state = redis.call('HGET', KEYS[1], 'state')
if state == 'DRAFT' then
    return 'DRAFT'
end
redis.call('HSET', KEYS[1], 'state', 'RECOVERING')
return 'SUSPENDED'
