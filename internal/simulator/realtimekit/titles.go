package realtimekit

import "strings"

// nastyTitles are what people do write, and what people with bad intentions would.
func nastyTitles() []string {
	return []string{
		"<!channel> free lunch",
		"<!here|everyone> & <!everyone>",
		"<@U012ABCDEF> owes me money",
		"<#C0123456789|general>",
		"<https://example.com|click here>",
		"https://example.com/?a=1&b=2",
		"*bold* _italic_ ~struck~ `code`",
		"```\nfence\n```",
		"> quoted\n• listed",
		"line one\nline two\r\nline three\ttabbed",
		"&lt;escaped&gt; &amp; <b>bold</b>",
		"right \u202eto left\u202c again",
		"اجتماع الفريق الأسبوعي",
		"פגישת צוות",
		"\u2066isolated\u2069 \u200fmark",
		"👩‍👩‍👧‍👦 family 🏳️‍🌈 👍🏽",
		"🇩🇪🇩🇪🇩🇪",
		"週次定例会議(開発チーム)",
		"주간 회의",
		"zero\u200bwidth\u200djoined\ufeff",
		"\u200b",
		"e\u0301 z\u0351\u0334\u0321\u0322a\u0360\u0321l\u0334\u0322g\u0335o\u0337",
		"",
		"   ",
		"null",
		"undefined",
		"=HYPERLINK(\"https://example.com\",\"total\")",
		"+1-555-0100",
		"-2+3",
		"@SUM(A1:A9)",
		"\"quoted\", 'single', \\back\\slash",
		"| a | table |",
		":tada: launch :rocket:",
		"ends with a control \u0007 character",
		"{\"json\":true}",
		"%s %d %!v(MISSING)",
		strings.Repeat("A very long title that nobody will read to its end. ", 200), // 10 kB
		strings.Repeat("Donaudampfschifffahrtsgesellschaft", 9),
		"🎉" + strings.Repeat("\u0301", 300),
	}
}

// plainTitles are the usual ones. Several repeat: titles do not identify a meeting.
func plainTitles() []string {
	var titles []string
	teams := []string{
		"Platform", "Mobile", "Payments", "Growth", "Support", "Sales EMEA", "Sales Americas", "Design", "Data", "People",
		"Security", "Partner Success",
	}
	for _, kind := range []string{"stand-up", "weekly", "retrospective", "planning", "1:1", "office hours", "interview"} {
		for _, team := range teams {
			titles = append(titles, team+" "+kind)
		}
	}
	for _, repeated := range []string{"Weekly planning", "Demo", "Customer call", "Onboarding", "Untitled meeting"} {
		for range 12 {
			titles = append(titles, repeated)
		}
	}
	for _, subject := range []string{"Algebra", "Biology", "Spanish A2", "Guitar", "Physiotherapy", "Tax advice"} {
		for _, group := range []string{"group 1", "group 2", "group 3", "group 4", "private lesson", "open lesson", "exam"} {
			titles = append(titles, subject+" · "+group)
		}
	}
	return append(titles, "All hands", "Product launch", "Quarterly review", "On-call bridge", "Night shift", "Town hall")
}
