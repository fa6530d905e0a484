package realtimekit

import (
	"cmp"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// query is a valid request for sessions.
type query struct {
	page    int // counted from 0
	perPage int
	selection
}

// selection says which rows are served and in which order. It is the key of the cache of sorted rows.
type selection struct {
	sortBy                       string
	descending                   bool
	status, associatedID, search string
	start, end                   instant
	fewest, most                 int // of participants; most 0 is without limit
}

// instant is a time that may be missing, in microseconds of the Unix epoch.
type instant struct {
	set    bool
	micros int64
}

// parse reads the parameters of a request. What Cloudflare documents is checked as documented; names that are not known
// are ignored in silence, as public clients have seen. The error is for the service's own envelope, status 422.
func parse(values url.Values, reading Reading) (query, error) {
	q := query{perPage: min(20, reading.MaxPerPage), selection: selection{sortBy: "createdAt", descending: true}}
	parsers := map[string]func(string) error{
		"page_no":    q.parsePage(reading),
		"per_page":   q.parsePerPage(reading),
		"sort_by":    oneOf(&q.sortBy, "minutesConsumed", "createdAt"),
		"status":     oneOf(&q.status, Live, Ended),
		"start_time": q.start.parse,
		"end_time":   q.end.parse,
		"sort_order": func(text string) error {
			var order string
			err := oneOf(&order, "ASC", "DESC")(text)
			q.descending = order == "DESC"
			return err
		},
		"participants": q.parseParticipants,
	}
	// In a fixed order, so that two mistakes always give the same answer.
	for _, name := range []string{
		"page_no", "per_page", "sort_by", "sort_order", "status", "start_time", "end_time", "participants",
	} {
		if !values.Has(name) {
			continue
		}
		if err := parsers[name](values.Get(name)); err != nil {
			return query{}, fmt.Errorf("%q %w", name, err)
		}
	}
	if reading.NeedBothBounds && q.start.set != q.end.set {
		q.start, q.end = instant{}, instant{}
	}
	if reading.IgnoreStatus {
		q.status = ""
	}
	q.associatedID = values.Get("associated_id")
	q.search = strings.ToLower(values.Get("search"))
	return q, nil
}

func (q *query) parsePage(reading Reading) func(string) error {
	return func(text string) error {
		number, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("must be a number")
		}
		if number < 0 {
			return fmt.Errorf("must be greater than or equal to 0")
		}
		if !reading.PagesFromZero {
			number = max(0, number-1)
		}
		if !reading.SamePageForever {
			q.page = number
		}
		return nil
	}
}

func (q *query) parsePerPage(reading Reading) func(string) error {
	return func(text string) error {
		number, err := strconv.Atoi(text)
		switch {
		case err != nil:
			return fmt.Errorf("must be a number")
		case number <= 0:
			return fmt.Errorf("must be greater than 0")
		case number > reading.MaxPerPage && reading.RefuseLargePages:
			return fmt.Errorf("must be less than or equal to %d", reading.MaxPerPage)
		}
		q.perPage = min(number, reading.MaxPerPage)
		return nil
	}
}

// parseParticipants reads "1:10". That it is a range of counts, and of which ones, is a guess.
func (q *query) parseParticipants(text string) error {
	from, to, ok := strings.Cut(text, ":")
	fewest, err1 := strconv.Atoi(from)
	most, err2 := strconv.Atoi(to)
	if !ok || cmp.Or(err1, err2) != nil || fewest < 0 || most < max(1, fewest) {
		return fmt.Errorf("must be a range such as 1:10")
	}
	q.fewest, q.most = fewest, most
	return nil
}

// parse takes ISO 8601 with a zone. A + that was not escaped in the URL arrives as a space and is refused.
func (i *instant) parse(text string) error {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("must be a valid ISO 8601 date")
	}
	*i = at(t)
	return nil
}

func at(t time.Time) instant { return instant{set: !t.IsZero(), micros: t.UnixMicro()} }

func oneOf(target *string, allowed ...string) func(string) error {
	return func(text string) error {
		for _, value := range allowed {
			if text == value {
				*target = text
				return nil
			}
		}
		return fmt.Errorf("must be one of [%s]", strings.Join(allowed, ", "))
	}
}
