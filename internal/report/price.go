package report

import (
	"strconv"
	"strings"
)

// Prices are US dollars per participant-minute, list prices unless the
// contract says otherwise. Both zero means that no cost is estimated.
type Prices struct{ AudioVideo, AudioOnly float64 }

// Cost is an estimate of what the window's participants cost, in US dollars:
// one figure where it is known which minutes were without video, otherwise a
// range from one price to the other. Recording and streaming are not in it.
func (p Prices) Cost(s Summary) (low, high float64) {
	video := s.Minutes.Sub(s.AudioOnly).Sub(s.Unsplit).Float()
	known := video*p.AudioVideo + s.AudioOnly.Float()*p.AudioOnly
	unsplit := s.Unsplit.Float()
	return known + unsplit*min(p.AudioVideo, p.AudioOnly), known + unsplit*max(p.AudioVideo, p.AudioOnly)
}

// costLine is the estimate in words, empty when there is none.
func (r Report) costLine() string {
	if r.Prices == (Prices{}) || r.Summary.Sessions == 0 {
		return ""
	}
	low, high := r.Prices.Cost(r.Summary)
	line := "Estimated cost: "
	if !r.Coverage.Complete {
		line = "Estimated cost of what was counted: "
	}
	cost := dollars(low)
	limits := "list price, participants only, without recording and streaming"
	if dollars(high) != cost {
		cost += " to " + dollars(high)
		limits += "; how much of it was audio-only is not known"
	}
	return line + cost + " (" + limits + ")"
}

// dollars writes an amount with cents: "$1,204.50".
func dollars(amount float64) string {
	whole, cents, _ := strings.Cut(strconv.FormatFloat(amount, 'f', 2, 64), ".")
	if amount > 0 && whole == "0" && cents == "00" {
		return "less than $0.01"
	}
	return "$" + commas(whole) + "." + cents
}
