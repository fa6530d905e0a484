package sessions

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/realtime_kit"
	"golang.org/x/time/rate"
)

// maxBody is the largest answer that is read, in bytes. A page of a hundred
// sessions has about 80 kB.
const maxBody = 64 << 20

// Config is what a Client needs.
type Config struct {
	BaseURL   string // the API's address, with or without the last slash
	Token     string // the API token
	AccountID string // letters and digits
	PageSize  int    // rows to ask for per page
	// RequestsPer5Minutes is the quota that the client stays under, tries
	// included.
	RequestsPer5Minutes int
	// Lookback is how much earlier than its window's start a session may have
	// been created and still be asked for.
	Lookback time.Duration
	// Reserve is the part of the context's time that a read leaves for what
	// comes after it.
	Reserve time.Duration
	// Transport is the way to the network, nil for the usual one.
	Transport http.RoundTripper
}

// Client reads sessions from RealtimeKit.
type Client struct {
	config  Config
	service *realtime_kit.SessionService
	limiter *rate.Limiter
	log     *slog.Logger
}

// idPattern is what an account's or an app's id may look like: it becomes a
// part of the request's path.
var idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$`)

// ValidID reports whether an account's or an app's id can be part of a path.
func ValidID(id string) bool { return idPattern.MatchString(id) }

// New makes a Client. The error says which part of the configuration cannot
// be used.
func New(c Config, log *slog.Logger) (*Client, error) {
	base, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http":
		return nil, errors.New("the base URL of the API must be an http or https address")
	case !ValidID(c.AccountID):
		return nil, errors.New("the account id must be letters and digits only")
	case c.Token == "":
		return nil, errors.New("the API token is missing")
	case c.PageSize < 1:
		return nil, fmt.Errorf("the page size must be at least 1, not %d", c.PageSize)
	case c.RequestsPer5Minutes < 1:
		return nil, fmt.Errorf("the quota must be at least 1 request per five minutes, not %d", c.RequestsPer5Minutes)
	}
	transport := c.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	client := &http.Client{
		Transport: bounded{transport},
		// A redirect would carry the token to where nobody meant it to go.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	// Half of the quota at once, the other half spread over the five minutes:
	// no span of five minutes then has more than all of it.
	burst := max(1, c.RequestsPer5Minutes/2)
	each := 5 * time.Minute / time.Duration(max(1, c.RequestsPer5Minutes-burst))
	return &Client{
		config:  c,
		limiter: rate.NewLimiter(rate.Every(each), burst),
		log:     log,
		service: realtime_kit.NewSessionService(
			option.WithBaseURL(strings.TrimSuffix(c.BaseURL, "/")+"/"),
			option.WithAPIToken(c.Token),
			option.WithHTTPClient(client),
			// The library's retries would multiply with ours and know no deadline.
			option.WithMaxRetries(0),
		),
	}, nil
}

// order is one of the two orders in which the API can list sessions.
type order = realtime_kit.SessionGetSessionsParamsSortBy

const (
	byMinutes = realtime_kit.SessionGetSessionsParamsSortByMinutesConsumed
	byCreated = realtime_kit.SessionGetSessionsParamsSortByCreatedAt
)

// span is the time range that the API is asked for. It is wider than the
// window: nobody says which of a session's times it is compared with, or
// whether its bounds are included.
func (c *Client) span(q Query) (from, to time.Time) {
	const margin = 2 * time.Hour
	to = q.End.Add(margin)
	if q.Now.Before(to) {
		to = q.Now
	}
	// The library cuts to whole seconds. A window ends on a whole second.
	return q.Start.Add(-c.config.Lookback).UTC(), to.UTC()
}

// try asks once for one page.
func (c *Client) try(ctx context.Context, q Query, by order, number int) (page, error) {
	if err := c.limiter.Wait(ctx); err != nil {
		return page{}, &Error{Kind: Unavailable, Err: err, text: fmt.Sprintf(
			"the quota of %d requests per five minutes (REALTIMEKIT_REQUESTS_PER_5_MINUTES) leaves no time to read on", c.config.RequestsPer5Minutes)}
	}
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	var p realtime_kit.SessionGetSessionsParams
	p.AccountID.Value, p.AccountID.Present = c.config.AccountID, true
	p.Status.Value, p.Status.Present = realtime_kit.SessionGetSessionsParamsStatusEnded, true
	p.SortBy.Value, p.SortBy.Present = by, true
	p.SortOrder.Value, p.SortOrder.Present = realtime_kit.SessionGetSessionsParamsSortOrderDesc, true
	p.PerPage.Value, p.PerPage.Present = float64(c.config.PageSize), true
	p.PageNo.Value, p.PageNo.Present = float64(number), true
	p.StartTime.Present, p.EndTime.Present = true, true
	p.StartTime.Value, p.EndTime.Value = c.span(q)

	var response *http.Response
	_, err := c.service.GetSessions(ctx, q.AppID, p, option.WithResponseBodyInto(&response))
	if response != nil {
		defer response.Body.Close()
	}
	switch {
	case response == nil && err != nil:
		return page{}, c.transportError(err)
	case response == nil:
		return page{}, errors.New("asking for sessions: the library returned neither an answer nor an error")
	case response.StatusCode != http.StatusOK:
		// The library has read an error's body and put it back; its own error
		// value would print the address and the body.
		body, _ := io.ReadAll(io.LimitReader(response.Body, 64<<10))
		return page{}, c.statusError(response.StatusCode, response.Header, body)
	case err != nil:
		return page{}, c.transportError(err)
	}
	answer, err := decodePage(response.Body)
	var wrong *malformed
	switch {
	case errors.As(err, &wrong):
		return page{}, &Error{Kind: Malformed, Status: response.StatusCode, text: fmt.Sprintf(
			"RealtimeKit answered 200, but not with sessions: %s (content type %q): check CLOUDFLARE_BASE_URL; nothing is reported rather than something wrong",
			c.redact(wrong.what), printable(response.Header.Get("Content-Type"), 40))}
	case errors.Is(err, errTooLarge):
		return page{}, &Error{Kind: Malformed, Status: response.StatusCode, Err: err, text: fmt.Sprintf(
			"RealtimeKit's answer for one page is larger than %d MiB: lower REALTIMEKIT_PAGE_SIZE", maxBody>>20)}
	case err != nil:
		return page{}, c.transportError(err)
	}
	return answer, nil
}

// transportError is a failure on the way. All of them may pass; a wrong
// certificate or address shows in the text when the time is over.
func (c *Client) transportError(err error) error {
	// The address in an error of net/http says nothing more than the host.
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err
	}
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return &transient{err: fmt.Errorf("no answer in time: %w", err)}
	}
	return &transient{err: fmt.Errorf("the connection failed: %w", err)}
}

var errTooLarge = errors.New("the answer is too large")

// bounded is a transport whose answers end with errTooLarge after maxBody
// bytes; the library reads a body with an error status to its end.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(r)
	if response != nil {
		response.Body = &boundedBody{response.Body, maxBody}
	}
	return response, err
}

type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
