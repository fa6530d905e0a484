package minutes

import (
	"encoding/json"
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, tc := range []struct {
		name, in, want string
		err            error
	}{
		{"whole", "7", "7", nil},
		{"zero", "0", "0", nil},
		{"minus zero", "-0.0", "0", nil},
		{"seconds over sixty", "7.016666666666667", "7.016666666666667", nil},
		{"eighteen decimals", "0.016666666666666666", "0.016666666666666666", nil},
		{"nineteenth decimal is cut", "0.0166666666666666669", "0.016666666666666666", nil},
		{"exponent up", "1.25e3", "1250", nil},
		{"exponent up, plus", "125E+1", "1250", nil},
		{"exponent down", "1.6666666666666667e-7", "0.000000166666666666", nil},
		{"far too small to keep", "1e-999999999999", "0", nil},
		{"zero with an absurd exponent", "0e999999999999", "0", nil},
		{"the most", "1000000000", "1000000000", nil},
		{"a little over the most", "1000000000.000000000000000001", "", ErrTooLarge},
		{"as large as a float can be", "1e308", "", ErrTooLarge},
		{"absurd exponent", "1e99999999999999999999", "", ErrTooLarge},
		{"many digits", "123456789012345678901234567890", "", ErrTooLarge},
		{"negative", "-0.5", "", ErrNegative},
		{"negative beyond what is kept", "-1e-30", "", ErrNegative},
		{"empty", "", "", ErrNotANumber},
		{"string", `"12"`, "", ErrNotANumber},
		{"null", "null", "", ErrNotANumber},
		{"not a number", "NaN", "", ErrNotANumber},
		{"infinity", "Infinity", "", ErrNotANumber},
		{"plus sign", "+1", "", ErrNotANumber},
		{"leading zero", "01", "", ErrNotANumber},
		{"bare point", "1.", "", ErrNotANumber},
		{"no whole part", ".5", "", ErrNotANumber},
		{"exponent without digits", "1e", "", ErrNotANumber},
		{"trailing text", "1 ", "", ErrNotANumber},
		{"hexadecimal", "0x10", "", ErrNotANumber},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m, err := Parse([]byte(tc.in))
			if !errors.Is(err, tc.err) || (err == nil) != (tc.err == nil) {
				t.Fatalf("Parse(%q) error = %v, want %v", tc.in, err, tc.err)
			}
			if err == nil && m.String() != tc.want {
				t.Errorf("Parse(%q) = %s, want %s", tc.in, m, tc.want)
			}
		})
	}
}

func TestFixed(t *testing.T) {
	for _, tc := range []struct {
		in     string
		places int
		want   string
	}{
		{"12842.525", 2, "12842.53"},
		{"12842.524999999999999999", 2, "12842.52"},
		{"0.005", 2, "0.01"},
		{"0.015", 2, "0.02"}, // as a float it is a little less, and would round down
		{"999.995", 2, "1000.00"},
		{"2.5", 0, "3"},
		{"0", 2, "0.00"},
		{"0.1", 18, "0.100000000000000000"},
	} {
		m, err := Parse([]byte(tc.in))
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Fixed(tc.places); got != tc.want {
			t.Errorf("%s.Fixed(%d) = %s, want %s", tc.in, tc.places, got, tc.want)
		}
	}
}

func TestMarshalJSON(t *testing.T) {
	for in, want := range map[string]string{"12842.525": "12842.53", "0": "0", "100": "100", "7.5": "7.5", "0.001": "0"} {
		m, _ := Parse([]byte(in))
		got, err := json.Marshal(m)
		if err != nil || string(got) != want {
			t.Errorf("%s is %s, %v; want %s", in, got, err, want)
		}
	}
}

// TestSumIsExact compares sums with those of math/big, in any order.
func TestSumIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var forward, backward Minutes
		want := new(big.Rat)
		texts := rapid.SliceOf(rapid.StringMatching(`(0|[1-9][0-9]{0,8})(\.[0-9]{1,18})?`)).Draw(t, "minutes")
		for i := range texts {
			a, err := Parse([]byte(texts[i]))
			if err != nil {
				t.Fatalf("%s: %v", texts[i], err)
			}
			b, _ := Parse([]byte(texts[len(texts)-1-i]))
			forward, backward = forward.Add(a), backward.Add(b)
			r, _ := new(big.Rat).SetString(texts[i])
			want.Add(want, r)
		}
		if forward != backward {
			t.Fatalf("forward %s, backward %s", forward, backward)
		}
		if forward.Fixed(decimals) != want.FloatString(decimals) {
			t.Fatalf("sum %s, want %s", forward.Fixed(decimals), want.FloatString(decimals))
		}
		if forward.Fixed(2) != want.FloatString(2) {
			t.Fatalf("rounded %s, want %s", forward.Fixed(2), want.FloatString(2))
		}
		for _, text := range texts[:min(1, len(texts))] {
			part, _ := Parse([]byte(text))
			if forward.Sub(part).Add(part) != forward || forward.Cmp(part) < 0 {
				t.Fatalf("%s − %s does not come back", forward, part)
			}
		}
	})
}

// FuzzParse checks that nothing crashes and that what is accepted is what
// math/big reads in it, to 18 decimals.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"0", "123.4567", "1e3", "-1", "1e-400", "0e9999999", "1.5e+2", "00", "NaN"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := Parse(in)
		if err == nil && !json.Valid(in) {
			t.Fatalf("%q is no JSON and was read as %s", in, m)
		}
		if err != nil || len(in) > 40 {
			return
		}
		if r, ok := new(big.Rat).SetString(string(in)); ok && r.Denom().BitLen() < 200 {
			cut := new(big.Int).Quo(new(big.Int).Mul(r.Num(), big.NewInt(1e18)), r.Denom())
			want := new(big.Rat).SetFrac(cut, big.NewInt(1e18)).FloatString(18)
			if m.Fixed(18) != want {
				t.Fatalf("%q was read as %s, want %s", in, m.Fixed(18), want)
			}
		}
	})
}
