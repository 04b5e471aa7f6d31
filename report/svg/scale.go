package svg

import "math"

// Scale turns values into pixels. Values beyond its ends are put on them.
type Scale interface {
	At(value float64) float64
	// Ticks are up to so many round values and one more, in order; at least one, which
	// is the least value where there is no round one.
	Ticks(most int) []float64
}

// Linear is a scale on which equal differences are equal lengths.
type Linear struct{ Min, Max, From, To float64 }

// At implements [Scale].
func (s Linear) At(v float64) float64 {
	if s.Max <= s.Min || math.IsNaN(v) {
		return s.From
	}
	return s.From + (min(max(v, s.Min), s.Max)-s.Min)/(s.Max-s.Min)*(s.To-s.From)
}

// Ticks implements [Scale].
func (s Linear) Ticks(most int) []float64 {
	if s.Max <= s.Min || most < 1 {
		return []float64{s.Min}
	}
	step := RoundUp((s.Max - s.Min) / float64(most))
	var ticks []float64
	for i := math.Ceil(s.Min/step - 1e-9); i*step <= s.Max*(1+1e-9) && len(ticks) <= most; i++ {
		ticks = append(ticks, i*step)
	}
	if ticks == nil {
		return []float64{s.Min}
	}
	return ticks
}

// RoundUp returns the least of 1, 2, 5, 10, 20, … and of 0.5, 0.2, … that is no
// smaller; 1 of nothing.
func RoundUp(v float64) float64 {
	if v <= 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, times := range []float64{1, 2, 5} {
		if v <= times*unit*(1+1e-9) {
			return times * unit
		}
	}
	return 10 * unit
}

// Logarithmic is a scale on which equal ratios are equal lengths. Min and Max are
// positive.
type Logarithmic struct{ Min, Max, From, To float64 }

// At implements [Scale].
func (s Logarithmic) At(v float64) float64 {
	if s.Min <= 0 || s.Max <= s.Min || math.IsNaN(v) {
		return s.From
	}
	v = min(max(v, s.Min), s.Max)
	return s.From + math.Log(v/s.Min)/math.Log(s.Max/s.Min)*(s.To-s.From)
}

// Ticks implements [Scale]: powers of ten, and where there are fewer than two of
// them, 2 and 5 times such as well.
func (s Logarithmic) Ticks(most int) []float64 {
	if s.Min <= 0 || most < 1 {
		return nil
	}
	powers := s.multiples(1)
	if len(powers) < 2 {
		powers = s.multiples(1, 2, 5)
	}
	if len(powers) == 0 {
		return []float64{s.Min}
	}
	every := (len(powers) + most - 1) / most
	var ticks []float64
	for i := 0; i < len(powers); i += every {
		ticks = append(ticks, powers[i])
	}
	return ticks
}

func (s Logarithmic) multiples(of ...float64) (values []float64) {
	for e := math.Floor(math.Log10(s.Min)); e <= math.Log10(s.Max)+1e-9; e++ {
		for _, times := range of {
			if v := times * math.Pow(10, e); v >= s.Min*(1-1e-9) && v <= s.Max*(1+1e-9) {
				values = append(values, v)
			}
		}
	}
	return values
}
