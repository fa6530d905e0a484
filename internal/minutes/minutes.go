// Package minutes holds participant-minutes exactly. RealtimeKit writes them
// as decimal fractions (seconds divided by sixty, printed by JavaScript: up to
// 17 digits), and a sum of floating-point numbers depends on the order of its
// terms. Here a sum is the same in every order and is rounded only for display.
package minutes

import (
	"errors"
	"math/bits"
	"strconv"
	"strings"
)

// Minutes is a number of participant-minutes, never negative, exact to 18
// decimals: a 128-bit count of 1e-18 minutes. The zero value is no minutes.
// Minutes are comparable with ==.
type Minutes struct{ hi, lo uint64 }

// decimals is the number of decimals that are kept.
const decimals = 18

// MaxSession is the most that Parse accepts, in participant-minutes: a
// thousand participants for 694 days. It is far above any session and far
// below what a sum of sessions could overflow with (3.4e20).
const MaxSession = 1_000_000_000

// Errors of Parse.
var (
	ErrNotANumber = errors.New("not a JSON number")
	ErrNegative   = errors.New("negative")
	ErrTooLarge   = errors.New("absurdly large")
)

// Parse reads a JSON number as the minutes of one session. What lies beyond
// the 18th decimal is cut off. The errors are ErrNotANumber, ErrNegative and
// ErrTooLarge (more than MaxSession).
func Parse(number []byte) (Minutes, error) {
	whole, fraction, exponent, negative, ok := scan(number)
	if !ok {
		return Minutes{}, ErrNotANumber
	}
	var m Minutes
	last := 0 // the power of ten of the last digit that m holds
	for i := range len(whole) + len(fraction) {
		digit, place := byte('0'), len(whole)-1-i+exponent
		if i < len(whole) {
			digit = whole[i]
		} else {
			digit = fraction[i-len(whole)]
		}
		switch {
		case digit != '0' && negative:
			return Minutes{}, ErrNegative
		case digit != '0' && place > 9:
			return Minutes{}, ErrTooLarge
		case place >= -decimals:
			m, last = m.timesTen().Add(Minutes{0, uint64(digit - '0')}), place
		}
	}
	if m.IsZero() {
		return m, nil
	}
	if m = m.shift(last + decimals); m.Cmp(Whole(MaxSession)) > 0 {
		return Minutes{}, ErrTooLarge
	}
	return m, nil
}

// Whole is n participant-minutes.
func Whole(n uint64) Minutes {
	hi, lo := bits.Mul64(n, 1e18)
	return Minutes{hi, lo}
}

// Add is the exact sum.
func (m Minutes) Add(n Minutes) Minutes {
	lo, carry := bits.Add64(m.lo, n.lo, 0)
	hi, _ := bits.Add64(m.hi, n.hi, carry)
	return Minutes{hi, lo}
}

// Sub is the exact difference; n must not be more than m.
func (m Minutes) Sub(n Minutes) Minutes {
	lo, borrow := bits.Sub64(m.lo, n.lo, 0)
	hi, _ := bits.Sub64(m.hi, n.hi, borrow)
	return Minutes{hi, lo}
}

// Times is n times m; n must not be negative, nor the product overflow (3.4e20
// minutes).
func (m Minutes) Times(n int) Minutes {
	hi, lo := bits.Mul64(m.lo, uint64(n))
	return Minutes{m.hi*uint64(n) + hi, lo}
}

// Cmp is -1, 0 or +1 as m is less than, equal to or more than n.
func (m Minutes) Cmp(n Minutes) int {
	switch {
	case m.hi != n.hi:
		if m.hi < n.hi {
			return -1
		}
		return 1
	case m.lo < n.lo:
		return -1
	case m.lo > n.lo:
		return 1
	}
	return 0
}

// IsZero reports whether there are no minutes at all.
func (m Minutes) IsZero() bool { return m == Minutes{} }

// Fixed writes m with the given number of decimals (0 to 18), rounded half up
// from the exact value: "12842.53".
func (m Minutes) Fixed(places int) string {
	half := Minutes{0, 5}.shift(decimals - places - 1)
	if places == decimals {
		half = Minutes{}
	}
	m = m.Add(half)
	whole, fraction := bits.Div64(m.hi, m.lo, 1e18)
	if places == 0 {
		return strconv.FormatUint(whole, 10)
	}
	f := strconv.FormatUint(fraction, 10)
	f = strings.Repeat("0", decimals-len(f)) + f
	return strconv.FormatUint(whole, 10) + "." + f[:places]
}

// Float is m as a floating-point number, for shares, prices and sorting in a
// table; never for sums.
func (m Minutes) Float() float64 {
	whole, fraction := bits.Div64(m.hi, m.lo, 1e18)
	return float64(whole) + float64(fraction)/1e18
}

// String is the exact value without trailing zeros.
func (m Minutes) String() string {
	return strings.TrimSuffix(strings.TrimRight(m.Fixed(decimals), "0"), ".")
}

// MarshalJSON writes m as a JSON number with at most two decimals, the form
// in which an outcome carries minutes.
func (m Minutes) MarshalJSON() ([]byte, error) {
	return []byte(strings.TrimSuffix(strings.TrimRight(m.Fixed(2), "0"), ".")), nil
}

// timesTen and shift are the steps that Parse and Fixed need; their callers
// keep the values far below 2^128.
func (m Minutes) timesTen() Minutes {
	hi, lo := bits.Mul64(m.lo, 10)
	return Minutes{m.hi*10 + hi, lo}
}

func (m Minutes) shift(places int) Minutes {
	for range places {
		m = m.timesTen()
	}
	return m
}

// scan splits a number into its parts. It accepts exactly the grammar of
// RFC 8259, section 6: no plus sign, no leading zeros, no bare point.
func scan(s []byte) (whole, fraction []byte, exponent int, negative, ok bool) {
	s, negative = trimSign(s, "-")
	whole, s = leadingDigits(s)
	if len(whole) == 0 || len(whole) > 1 && whole[0] == '0' {
		return nil, nil, 0, false, false
	}
	if len(s) > 0 && s[0] == '.' {
		if fraction, s = leadingDigits(s[1:]); len(fraction) == 0 {
			return nil, nil, 0, false, false
		}
	}
	if len(s) > 0 && (s[0] == 'e' || s[0] == 'E') {
		s, down := trimSign(s[1:], "+-")
		digits, rest := leadingDigits(s)
		if exponent = exponentOf(digits); down {
			exponent = -exponent
		}
		return whole, fraction, exponent, negative, len(digits) > 0 && len(rest) == 0
	}
	return whole, fraction, 0, negative, len(s) == 0
}

// trimSign cuts off one of the signs and reports whether it was a minus.
func trimSign(s []byte, signs string) (rest []byte, minus bool) {
	if len(s) > 0 && strings.IndexByte(signs, s[0]) >= 0 {
		return s[1:], s[0] == '-'
	}
	return s, false
}

func leadingDigits(s []byte) (digits, rest []byte) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

// exponentOf reads the digits of an exponent, at most a million: what is
// larger makes every number absurd or nothing all the same.
func exponentOf(digits []byte) int {
	e := 0
	for _, d := range digits {
		e = min(e*10+int(d-'0'), 1_000_000)
	}
	return e
}
