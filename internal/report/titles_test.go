package report_test

import "strings"

// nastyTitles are what people do write, and what people with bad intentions
// would: mentions, links, formatting, other directions, nothing at all, too
// much, other meetings' labels.
var nastyTitles = []string{
	"<!channel> free lunch", "<@U012ABCDEF> owes me", "<#C0123456789|general>", "<https://example.com|click here>",
	"&lt;!here&gt; &amp; <b>bold</b>", "*bold* _italic_ ~struck~ `code`", "```\nfence\n```", "> quoted\r\n• listed\ttabbed",
	"line\u2028separator\u2029s\u0085", "right \u202eto left\u202c again", "\u2066isolated\u2069 \u200fmark\u061c",
	"اجتماع الفريق الأسبوعي", "פגישת צוות", "週次定例会議(開発チーム)", "주간 회의", "👩‍👩‍👧‍👦 family 🏳️‍🌈 👍🏽", "🇩🇪🇩🇪🇩🇪",
	"", "   ", "\u200b\ufeff\u2060", "\u2800\u3164\u115f", "\u0301\u0302", "\U000e0041\U000e007f", "\ue000 private", "\ufffe\uffff",
	"Demo", "Demo", "De\u200dmo", "Demo\ufe0f", "Demo\u200b", "Demo (00000019-0000-4000-8000-000000000000)", "Demo (00000019)",
	"3 other meetings", "1 other meeting", "Untitled", "Untitled (00000011)", "Sessions without a meeting id",
	"z\u0351\u0334\u0321\u0322a\u0360\u0321l\u0334\u0322g\u0335o\u0337", "🎉" + strings.Repeat("\u0301", 300),
	strings.Repeat("A very long title that nobody will read to its end. ", 200),
	strings.Repeat("A very long title that nobody will read to its end. ", 199) + "Or will they?",
	strings.Repeat("Donaudampfschifffahrtsgesellschaft", 9), strings.Repeat("&", 70), strings.Repeat("👩‍👩‍👧‍👦", 20),
	"ends with \x07\x1b[31m control\x00", "\xff\xfe not UTF-8", "%s %d %!v(MISSING)", ":tada: launch :rocket:",
	"Incomplete: 0 of 9 ended sessions counted.", "1:1",
}
