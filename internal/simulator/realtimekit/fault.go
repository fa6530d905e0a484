package realtimekit

import (
	"net/http"
	"strconv"
	"time"
)

// A Fault is one thing that goes wrong with one request. The functions of this package make them; [Faults] lists them.
type Fault struct {
	Name string // for test tables and for [Request.Fault]

	edit func(a *answer, now time.Time) // changes the answer; nil leaves it
	cut  cut                            // what happens to the connection
}

// cut is how a connection fails.
type cut int

const (
	uncut       cut = iota
	resetBefore     // reset before the first byte
	resetInside     // reset in the middle of the body
	shortLength     // half the body, and Content-Length says so
	longLength      // half the body, while Content-Length says all
	hangBefore      // nothing, until the client gives up
	hangInside      // half the body, then nothing, until the client gives up
)

// Faults lists every fault but the ones of rows, which are in [RowFaults].
func Faults() []Fault {
	faults := []Fault{
		TooManyRequestsSeconds(1), TooManyRequestsSeconds(300), TooManyRequestsDate(time.Second),
		ResetBeforeAnswer(), ResetInsideBody(), HangBeforeAnswer(), HangInsideBody(),
		TruncatedShortLength(), TruncatedLongLength(), HTMLWith200(), Empty200(),
		GatewayFailureWith200(), ServiceFailureWith200(),
		ResultInsteadOfData(), DataArray(), DataNull(), DataMissing(), DataWithoutSessions(), SessionsNull(), SessionsObject(),
	}
	for _, status := range []int{400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526} {
		faults = append(faults, Status(status))
	}
	return faults
}

// Status answers with an HTTP status and the body that goes with it: the gateway's envelope for 400 (code 6003), 401
// (10000), 403, 404 (7003) and 429 (without Retry-After), HTML for 502, 503, 504 and 520 to 526, and the service's
// envelope for the rest.
func Status(status int) Fault {
	return replace("status "+strconv.Itoa(status), func(time.Time) answer { return failure(status) })
}

// ServiceStatus answers with an HTTP status in the service's envelope, which any status may come in.
func ServiceStatus(status int, message string) Fault {
	return replace("service status "+strconv.Itoa(status), func(time.Time) answer { return serviceFailure(status, message) })
}

// TooManyRequestsSeconds is a 429 whose Retry-After is a number of seconds.
func TooManyRequestsSeconds(seconds int) Fault {
	text := strconv.Itoa(seconds)
	return TooManyRequests("status 429, Retry-After "+text, func(time.Time) string { return text })
}

// TooManyRequestsDate is a 429 whose Retry-After is a date that much after the server's clock, on the next full second.
func TooManyRequestsDate(wait time.Duration) Fault {
	return TooManyRequests("status 429, Retry-After a date in "+wait.String(), func(now time.Time) string {
		return now.Add(wait + time.Second - 1).Truncate(time.Second).UTC().Format(http.TimeFormat)
	})
}

// TooManyRequests is a 429 with any Retry-After; retryAfter gets the server's clock.
func TooManyRequests(name string, retryAfter func(now time.Time) string) Fault {
	return replace(name, func(now time.Time) answer {
		a := failure(http.StatusTooManyRequests)
		a.retryAfter = retryAfter(now)
		return a
	})
}

// ResetBeforeAnswer resets the connection instead of answering.
func ResetBeforeAnswer() Fault { return Fault{Name: "reset before the answer", cut: resetBefore} }

// ResetInsideBody resets the connection after half of the body.
func ResetInsideBody() Fault { return Fault{Name: "reset inside the body", cut: resetInside} }

// HangBeforeAnswer sends nothing until the client gives up or the server is closed.
func HangBeforeAnswer() Fault { return Fault{Name: "hang before the answer", cut: hangBefore} }

// HangInsideBody sends half of the body, then nothing until the client gives up or the server is closed.
func HangInsideBody() Fault { return Fault{Name: "hang inside the body", cut: hangInside} }

// TruncatedShortLength sends half of the body with a Content-Length that agrees: only the JSON shows it.
func TruncatedShortLength() Fault { return Fault{Name: "truncated, length agrees", cut: shortLength} }

// TruncatedLongLength sends half of the body with the Content-Length of all.
func TruncatedLongLength() Fault { return Fault{Name: "truncated, length disagrees", cut: longLength} }

// HTMLWith200 is a page for people, as a captive proxy sends.
func HTMLWith200() Fault {
	return replace("HTML with 200", func(time.Time) answer {
		return answer{status: http.StatusOK, html: true, body: []byte(htmlPage(http.StatusOK))}
	})
}

// Empty200 is a success without a body.
func Empty200() Fault {
	return replace("empty 200", func(time.Time) answer { return answer{status: http.StatusOK} })
}

// GatewayFailureWith200 says success:false in the gateway's envelope although the status is 200.
func GatewayFailureWith200() Fault {
	return replace("gateway failure with 200", func(time.Time) answer {
		return gatewayFailure(http.StatusOK, 10001, "Service temporarily unavailable", "")
	})
}

// ServiceFailureWith200 says success:false in the service's envelope although the status is 200.
func ServiceFailureWith200() Fault {
	return replace("service failure with 200", func(time.Time) answer {
		a := serviceFailure(http.StatusInternalServerError, "Internal Server Error")
		a.status = http.StatusOK
		return a
	})
}

// ResultInsteadOfData is a page in the envelope that most of Cloudflare's API uses.
func ResultInsteadOfData() Fault {
	return reshape("result instead of data", func(p *page) []byte {
		return slicesOf(`{"success":true,"errors":[],"messages":[],"result":{"sessions":`, p.list(), `}`, p.tail())
	})
}

// DataArray is a page whose data is the list of sessions itself.
func DataArray() Fault {
	return reshape("data an array", func(p *page) []byte { return slicesOf(`{"success":true,"data":`, p.list(), p.tail()) })
}

// DataNull is a success whose data is null.
func DataNull() Fault { return withData("data null", `"data":null`) }

// DataMissing is a success without data: the schema allows it.
func DataMissing() Fault {
	return reshape("data missing", func(p *page) []byte { return slicesOf(`{"success":true`, p.tail()) })
}

// DataWithoutSessions is a success whose data is an empty object.
func DataWithoutSessions() Fault { return withData("data without sessions", `"data":{}`) }

// SessionsNull is a success whose data.sessions is null.
func SessionsNull() Fault { return withData("sessions null", `"data":{"sessions":null}`) }

// SessionsObject is a success whose data.sessions is an object.
func SessionsObject() Fault { return withData("sessions an object", `"data":{"sessions":{}}`) }

func withData(name, data string) Fault {
	return reshape(name, func(p *page) []byte { return slicesOf(`{"success":true,`, data, p.tail()) })
}

// replace makes a fault that has nothing to do with what was asked for.
func replace(name string, make func(now time.Time) answer) Fault {
	return Fault{Name: name, edit: func(a *answer, now time.Time) { *a = make(now) }}
}

// reshape makes a fault that puts the page that was asked for into another envelope. What was refused anyway stays so.
func reshape(name string, body func(*page) []byte) Fault {
	return Fault{Name: name, edit: func(a *answer, _ time.Time) {
		if a.page != nil {
			*a = answer{status: http.StatusOK, body: body(a.page)}
		}
	}}
}
