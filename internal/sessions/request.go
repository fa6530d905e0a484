package sessions

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/realtime_kit"
)

// reading is one read of a window.
type reading struct {
	client  *Client
	query   Query
	tally   *tally
	fetcher *fetcher
	log     *slog.Logger

	by        order
	direction realtime_kit.SessionGetSessionsParamsSortOrder
	first     int          // the number of the first page
	offset    int          // where the first page says that it begins, -1 when it does not
	requests  atomic.Int64 // sent so far
	needed    atomic.Int64 // pages that are still to be read, as far as is known
}

// order is one of the two orders in which the API can list sessions.
type order = realtime_kit.SessionGetSessionsParamsSortBy

const (
	byMinutes = realtime_kit.SessionGetSessionsParamsSortByMinutesConsumed
	byCreated = realtime_kit.SessionGetSessionsParamsSortByCreatedAt
)

// ask asks for one page of ended sessions until there is an answer.
func (r *reading) ask(ctx context.Context, number int, d *decoder, p *page) error {
	c := r.client
	var params realtime_kit.SessionGetSessionsParams
	params.AccountID.Value, params.AccountID.Present = c.config.AccountID, true
	params.Status.Value, params.Status.Present = realtime_kit.SessionGetSessionsParamsStatusEnded, true
	params.SortBy.Value, params.SortBy.Present = r.by, true
	params.SortOrder.Value, params.SortOrder.Present = r.direction, true
	params.PerPage.Value, params.PerPage.Present = float64(c.config.PageSize), true
	params.PageNo.Value, params.PageNo.Present = float64(number), true
	params.StartTime.Present, params.EndTime.Present = true, true
	params.StartTime.Value, params.EndTime.Value = c.asked(r.query)
	err := c.persistently(ctx, r.log, func(ctx context.Context) error {
		return r.try(ctx, params, d, p)
	})
	if err != nil {
		return fmt.Errorf("page %d: %w", number, err)
	}
	return nil
}

// asked is the time range that the API is asked for. It is wider than the
// window: nobody says which of a session's times it is compared with, or
// whether its bounds are included.
func (c *Client) asked(q Query) (from, to time.Time) {
	const margin = 2 * time.Hour
	to = q.End.Add(margin)
	if q.Now.Before(to) {
		to = q.Now
	}
	// The library cuts to whole seconds. A window ends on a whole second.
	return q.Start.Add(-c.config.Lookback).UTC(), to.UTC()
}

// live asks how many sessions have not ended, once.
func (r *reading) live(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, extraTimeout)
	defer cancel()
	var params realtime_kit.SessionGetSessionsParams
	params.AccountID.Value, params.AccountID.Present = r.client.config.AccountID, true
	params.Status.Value, params.Status.Present = realtime_kit.SessionGetSessionsParamsStatusLive, true
	params.PerPage.Value, params.PerPage.Present = 1, true
	params.PageNo.Value, params.PageNo.Present = 1, true
	var p page
	if err := r.try(ctx, params, newDecoder(r.client.config.Token), &p); err != nil {
		return err
	}
	switch {
	case p.total < 0:
		return errors.New("the answer has no total")
	case (p.total > 0) != (len(p.rows) > 0):
		return errors.New("the answer's total and rows disagree")
	}
	for _, row := range p.rows {
		if string(p.at(row.status)) != "LIVE" {
			return errors.New("the answer has sessions that are not live")
		}
	}
	r.tally.coverage.Live = p.total
	return nil
}

// try sends one request and reads its answer into p.
func (r *reading) try(ctx context.Context, params realtime_kit.SessionGetSessionsParams, d *decoder, p *page) error {
	c := r.client
	if err := c.pace.wait(ctx); err != nil {
		return c.noQuota(err)
	}
	limited, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	r.requests.Add(1)
	var response *http.Response
	_, err := c.service.GetSessions(limited, r.query.AppID, params, option.WithResponseBodyInto(&response))
	if response != nil {
		defer response.Body.Close()
	}
	switch {
	case response == nil && err != nil:
		return transportError(err)
	case response == nil:
		return errors.New("asking for sessions: the library returned neither an answer nor an error")
	case response.StatusCode != http.StatusOK:
		// The library has read an error's body and put it back; its own error
		// value would print the address and the body.
		body, _ := io.ReadAll(io.LimitReader(response.Body, 64<<10))
		return c.statusError(response.StatusCode, response.Header, body)
	case err != nil:
		return transportError(err)
	}
	c.pace.observe(ctx, response.Header, int(r.needed.Load()))
	err = d.decode(response.Body, p)
	var wrong *malformed
	switch {
	case errors.As(err, &wrong):
		// It may be a page that stands in for a service that is down.
		return &transient{err: c.malformedError(wrong, response.Header.Get("Content-Type")), seldom: true}
	case errors.Is(err, errTooLarge):
		return &Error{Kind: Malformed, Status: response.StatusCode, Err: err, text: fmt.Sprintf(
			"RealtimeKit's answer for one page is larger than %d MiB: lower REALTIMEKIT_PAGE_SIZE", maxBody>>20)}
	case err != nil:
		return transportError(err)
	}
	return nil
}
