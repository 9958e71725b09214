/** All that the page says, in each of its languages. */
const ENGLISH = {
    page: "Coupon",
    title: (name) => `${name} · Coupon`,
    states: { SCHEDULED: "Opens soon", OPEN: "Open now", PAUSED: "Paused", CLOSED: "Closed", ARCHIVED: "Closed", GONE: "All gone" },
    opensIn: "Opens in",
    opensAt: (moment) => `on ${moment}`,
    days: (days) => `${days} d `,
    remaining: (number) => number,
    quantity: (number) => `of ${number} left`,
    soon: "Not open yet",
    claim: "Get my coupon",
    claiming: "One moment…",
    show: "Show my coupon",
    again: "Try again",
    copy: "Copy code",
    copied: "Copied",
    signIn: "Sign in",
    member: "Your name",
    memberHint: "Letters, digits and signs, without spaces.",
    introduce: "Continue",
    knownAs: (name) => `You are ${name}.`,
    forget: "Change",
    wait: (seconds) => `Next try in ${seconds} s`,
    answers: {
        "no-campaign": ["No campaign", "This address names no campaign. Open the link that you were given."],
        "unknown-campaign": ["No such campaign", "There is no campaign at this address. Look at the link once more."],
        "issued": ["It’s yours", "This coupon is yours for good. Keep the code."],
        "already-issued": ["Already yours", "You won this coupon before. Here it is again."],
        "sold-out": ["All gone", "Every coupon has found its owner. Thank you for trying."],
        "not-open-yet": ["Not open yet", "This page goes on by itself as soon as it opens."],
        "paused": ["Paused", "No coupons are given out at the moment. This page goes on by itself when it continues."],
        "closed": ["It is over", "This campaign is closed. No more coupons are given out."],
        "archived": ["It is over", "This campaign has ended some time ago."],
        "revoked": ["Taken back", "Your coupon of this campaign was taken back. There is no other one."],
        "not-eligible": ["Not for this account", "This campaign is for invited members only."],
        "unauthenticated": ["You are not signed in", "Sign in, and open this page from there once more."],
        "no-claim": ["No coupon", "You have no coupon of this campaign."],
        "pending": ["Being confirmed", "It looks good. We are making sure, and ask again by ourselves."],
        "busy": ["It is busy", "Many people are here right now. We ask again by ourselves; you need not do anything."],
        "unheard": ["No connection", "We hear nothing of the service and try again by ourselves."],
        "offline": ["You are offline", "Nothing is lost. We go on when you are connected again."],
        "not-known": ["Not known yet", "We could not find out whether you have won. Trying again is safe: nobody gets two, and nobody loses one."],
        "broken": ["Something is wrong", "The service did not understand this page. Reload it, please."],
    },
};

const KOREAN = {
    page: "쿠폰",
    title: (name) => `${name} · 쿠폰`,
    states: { SCHEDULED: "오픈 예정", OPEN: "진행 중", PAUSED: "일시 중지", CLOSED: "종료", ARCHIVED: "종료", GONE: "소진" },
    opensIn: "오픈까지 남은 시간",
    opensAt: (moment) => `${moment} 오픈`,
    days: (days) => `${days}일 `,
    remaining: (number) => `${number}장`,
    quantity: (number) => `남음 / 총 ${number}장`,
    soon: "아직 오픈 전입니다",
    claim: "쿠폰 받기",
    claiming: "잠시만 기다려 주세요…",
    show: "내 쿠폰 보기",
    again: "다시 시도",
    copy: "코드 복사",
    copied: "복사했습니다",
    signIn: "로그인",
    member: "이름",
    memberHint: "공백 없이 영문자, 숫자, 기호로 입력해 주세요.",
    introduce: "계속",
    knownAs: (name) => `${name} 님으로 참여합니다.`,
    forget: "변경",
    wait: (seconds) => `${seconds}초 후 다시 시도합니다`,
    answers: {
        "no-campaign": ["캠페인이 없습니다", "주소에 캠페인이 지정되어 있지 않습니다. 안내받은 링크로 접속해 주세요."],
        "unknown-campaign": ["캠페인을 찾을 수 없습니다", "이 주소에 해당하는 캠페인이 없습니다. 링크를 다시 확인해 주세요."],
        "issued": ["쿠폰을 받았습니다", "발급이 확정된 회원님의 쿠폰입니다. 코드를 보관해 주세요."],
        "already-issued": ["이미 받은 쿠폰입니다", "전에 받으신 쿠폰을 다시 보여 드립니다."],
        "sold-out": ["모두 소진되었습니다", "준비된 쿠폰이 모두 발급되었습니다. 참여해 주셔서 감사합니다."],
        "not-open-yet": ["아직 오픈 전입니다", "오픈하면 이 화면이 자동으로 바뀝니다."],
        "paused": ["일시 중지되었습니다", "지금은 쿠폰을 발급하지 않습니다. 재개되면 이 화면이 자동으로 바뀝니다."],
        "closed": ["종료되었습니다", "캠페인이 종료되어 더 이상 쿠폰을 발급하지 않습니다."],
        "archived": ["종료되었습니다", "종료된 지 오래된 캠페인입니다."],
        "revoked": ["회수된 쿠폰입니다", "이 캠페인에서 받은 쿠폰이 회수되었으며 다시 받으실 수 없습니다."],
        "not-eligible": ["참여 대상이 아닙니다", "초대받은 회원만 참여할 수 있는 캠페인입니다."],
        "unauthenticated": ["로그인이 필요합니다", "사이트에 로그인한 뒤 그곳에서 이 페이지를 다시 열어 주세요."],
        "no-claim": ["받은 쿠폰이 없습니다", "이 캠페인에서 받으신 쿠폰이 없습니다."],
        "pending": ["확인하고 있습니다", "당첨된 것으로 보여 결과를 확정하고 있습니다. 잠시 후 자동으로 다시 확인합니다."],
        "busy": ["접속이 몰리고 있습니다", "잠시 후 자동으로 다시 시도하니 그대로 기다려 주세요."],
        "unheard": ["연결되지 않습니다", "서비스가 응답하지 않아 자동으로 다시 시도합니다."],
        "offline": ["오프라인 상태입니다", "사라지는 것은 없습니다. 다시 연결되면 이어서 진행합니다."],
        "not-known": ["아직 결과를 알 수 없습니다", "당첨 여부를 확인하지 못했습니다. 다시 시도해도 안전합니다. 쿠폰이 두 번 발급되거나 받은 쿠폰이 사라지는 일은 없습니다."],
        "broken": ["문제가 발생했습니다", "서비스가 요청을 이해하지 못했습니다. 페이지를 새로 고쳐 주세요."],
    },
};

const LANGUAGES = { en: ENGLISH, ko: KOREAN };
const CHOICE = "coupon.language";

/** What the visitor has chosen, else the first of the browser's languages that we speak. */
export function preferredLanguage() {
    const wanted = [localStorage.getItem(CHOICE), ...navigator.languages];
    return wanted.map((tag) => tag?.slice(0, 2).toLowerCase()).find((tag) => tag in LANGUAGES) ?? "en";
}

export function choose(language) {
    localStorage.setItem(CHOICE, language);
}

export function wordsOf(language) {
    return LANGUAGES[language];
}
