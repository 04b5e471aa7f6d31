package history

// words keeps one copy of each word that recurs.
type words map[string]string

// of returns b as a string, shared with earlier equal ones. Only short words are
// kept, and a bounded number: keys of a long run are many.
func (w words) of(b []byte) string {
	if word, ok := w[string(b)]; ok {
		return word
	}
	word := string(b)
	if len(word) <= 64 && len(w) < 100_000 {
		w[word] = word
	}
	return word
}
