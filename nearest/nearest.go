package nearest

// Word returns the candidate with the smallest edit distance from word
// (Levenshtein 1966), the first of several; candidates must not be empty.
func Word(word string, candidates []string) string {
	best, least := "", -1
	for _, c := range candidates {
		if d := editDistance(word, c); least < 0 || d < least {
			best, least = c, d
		}
	}
	return best
}

// longestWord bounds what is compared: nobody mistypes more than that.
const longestWord = 64

func editDistance(a, b string) int {
	a, b = a[:min(len(a), longestWord)], b[:min(len(b), longestWord)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
