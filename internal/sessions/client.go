package sessions

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/realtime_kit"
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
	pace    *pace
	log     *slog.Logger
}

// validID reports whether an account's or an app's id can be part of a
// request's path: letters, digits, '-' and '_', at most 128.
func validID(id string) bool {
	const characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
	return id != "" && len(id) <= 128 && strings.Trim(id, characters) == ""
}

// New makes a Client. The error says which part of the configuration cannot
// be used.
func New(c Config, log *slog.Logger) (*Client, error) {
	base, err := url.Parse(c.BaseURL)
	switch {
	case err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http":
		return nil, errors.New("the base URL of the API must be an http or https address")
	case !validID(c.AccountID):
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
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = workers
		own.ReadBufferSize = 64 << 10 // a page in two reads instead of twenty
		transport = own
	}
	client := &http.Client{
		Transport: bounded{transport},
		// A redirect would carry the token to where nobody meant it to go.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Client{
		config: c,
		pace:   newPace(c.RequestsPer5Minutes),
		log:    log,
		service: realtime_kit.NewSessionService(
			option.WithBaseURL(strings.TrimSuffix(c.BaseURL, "/")+"/"),
			option.WithAPIToken(c.Token),
			option.WithHTTPClient(client),
			// The library's retries would multiply with ours and know no deadline.
			option.WithMaxRetries(0),
		),
	}, nil
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
