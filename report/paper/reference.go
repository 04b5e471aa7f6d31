package paper

import "strings"

// Reference is a work that the report cites.
type Reference struct {
	Key     string `json:"key"`
	Authors string `json:"authors"` // as BibTeX has them, with and between
	Title   string `json:"title"`
	Venue   string `json:"venue"`
	Year    string `json:"year"`
	BibTeX  string `json:"bibtex"`
}

// work is what BibTeX needs of a reference.
type work struct {
	kind, key, authors, title string
	// fields are what else there is, in order; the first names the venue.
	fields [][2]string
}

// works are all that the report can cite. What could not be confirmed (a page, a
// number) is left out.
func works() []work {
	return []work{
		{"article", "herlihy1990", "Herlihy, Maurice P. and Wing, Jeannette M.", "Linearizability: A Correctness Condition for Concurrent Objects",
			[][2]string{{"journal", "ACM Transactions on Programming Languages and Systems"}, {"volume", "12"}, {"number", "3"}, {"pages", "463--492"}, {"year", "1990"}, {"doi", "10.1145/78969.78972"}}},
		{"article", "lamport1979", "Lamport, Leslie", "How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs",
			[][2]string{{"journal", "IEEE Transactions on Computers"}, {"volume", "C-28"}, {"number", "9"}, {"pages", "690--691"}, {"year", "1979"}, {"doi", "10.1109/TC.1979.1675439"}}},
		{"inproceedings", "terry1994", "Terry, Douglas B. and Demers, Alan J. and Petersen, Karin and Spreitzer, Mike J. and Theimer, Marvin M. and Welch, Brent B.",
			"Session Guarantees for Weakly Consistent Replicated Data",
			[][2]string{{"booktitle", "Proceedings of the Third International Conference on Parallel and Distributed Information Systems (PDIS)"}, {"pages", "140--149"}, {"year", "1994"}, {"doi", "10.1109/PDIS.1994.331722"}}},
		{"article", "wing1993", "Wing, Jeannette M. and Gong, Chun", "Testing and Verifying Concurrent Objects",
			[][2]string{{"journal", "Journal of Parallel and Distributed Computing"}, {"volume", "17"}, {"number", "1--2"}, {"pages", "164--182"}, {"year", "1993"}, {"doi", "10.1006/jpdc.1993.1015"}}},
		{"article", "gibbons1997", "Gibbons, Phillip B. and Korach, Ephraim", "Testing Shared Memories",
			[][2]string{{"journal", "SIAM Journal on Computing"}, {"volume", "26"}, {"number", "4"}, {"pages", "1208--1244"}, {"year", "1997"}, {"doi", "10.1137/S0097539794279614"}}},
		{"article", "lowe2017", "Lowe, Gavin", "Testing for Linearizability",
			[][2]string{{"journal", "Concurrency and Computation: Practice and Experience"}, {"volume", "29"}, {"number", "4"}, {"pages", "e3928"}, {"year", "2017"}, {"doi", "10.1002/cpe.3928"}}},
		{"inproceedings", "horn2015", "Horn, Alex and Kroening, Daniel", "Faster Linearizability Checking via {P}-Compositionality",
			[][2]string{{"booktitle", "Formal Techniques for Distributed Objects, Components, and Systems (FORTE)"}, {"series", "LNCS"}, {"volume", "9039"}, {"pages", "50--65"}, {"year", "2015"}, {"doi", "10.1007/978-3-319-19195-9_4"}}},
		{"inproceedings", "henzinger2013", "Henzinger, Thomas A. and Sezgin, Ali and Vafeiadis, Viktor", "Aspect-Oriented Linearizability Proofs",
			[][2]string{{"booktitle", "CONCUR 2013: Concurrency Theory"}, {"series", "LNCS"}, {"volume", "8052"}, {"year", "2013"}, {"doi", "10.1007/978-3-642-40184-8_18"}}},
		{"inproceedings", "bouajjani2015", "Bouajjani, Ahmed and Emmi, Michael and Enea, Constantin and Hamza, Jad", "On Reducing Linearizability to State Reachability",
			[][2]string{{"booktitle", "Automata, Languages, and Programming (ICALP)"}, {"series", "LNCS"}, {"volume", "9135"}, {"year", "2015"}, {"doi", "10.1007/978-3-662-47666-6_8"}}},
		{"article", "emmi2018", "Emmi, Michael and Enea, Constantin", "Sound, Complete, and Tractable Linearizability Monitoring for Concurrent Collections",
			[][2]string{{"journal", "Proceedings of the ACM on Programming Languages"}, {"volume", "2"}, {"number", "POPL"}, {"year", "2018"}, {"doi", "10.1145/3158113"}}},
		{"article", "lee2025", "Lee, Zheng Han and Mathur, Umang", "Efficient Decrease-and-Conquer Linearizability Monitoring",
			[][2]string{{"journal", "Proceedings of the ACM on Programming Languages"}, {"number", "OOPSLA2"}, {"year", "2025"}, {"doi", "10.1145/3763123"}}},
		{"inproceedings", "burckhardt2010", "Burckhardt, Sebastian and Kothari, Pravesh and Musuvathi, Madanlal and Nagarakatte, Santosh",
			"A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs",
			[][2]string{{"booktitle", "Architectural Support for Programming Languages and Operating Systems (ASPLOS)"}, {"pages", "167--178"}, {"year", "2010"}, {"doi", "10.1145/1735970.1736040"}}},
		{"article", "zeller2002", "Zeller, Andreas and Hildebrandt, Ralf", "Simplifying and Isolating Failure-Inducing Input",
			[][2]string{{"journal", "IEEE Transactions on Software Engineering"}, {"volume", "28"}, {"number", "2"}, {"pages", "183--200"}, {"year", "2002"}, {"doi", "10.1109/32.988498"}}},
		{"article", "hanley1983", "Hanley, James A. and Lippman-Hand, Abby", "If Nothing Goes Wrong, Is Everything All Right? Interpreting Zero Numerators",
			[][2]string{{"journal", "JAMA"}, {"volume", "249"}, {"number", "13"}, {"pages", "1743--1745"}, {"year", "1983"}, {"doi", "10.1001/jama.1983.03330370053031"}}},
		{"article", "wilson1927", "Wilson, Edwin B.", "Probable Inference, the Law of Succession, and Statistical Inference",
			[][2]string{{"journal", "Journal of the American Statistical Association"}, {"volume", "22"}, {"number", "158"}, {"pages", "209--212"}, {"year", "1927"}, {"doi", "10.1080/01621459.1927.10502953"}}},
	}
}

func (w work) reference() Reference {
	r := Reference{Key: w.key, Authors: w.authors, Title: strings.NewReplacer("{", "", "}", "").Replace(w.title), Venue: w.fields[0][1]}
	var bib strings.Builder
	bib.WriteString("@" + w.kind + "{" + w.key + ",\n  author = {" + w.authors + "},\n  title = {" + w.title + "},\n")
	var rest []string
	for i, f := range w.fields {
		bib.WriteString("  " + f[0] + " = {" + f[1] + "},\n")
		switch value := strings.ReplaceAll(f[1], "--", "–"); {
		case f[0] == "year":
			r.Year = value
		case f[0] == "pages" && strings.Contains(value, "–"):
			rest = append(rest, "pages "+value)
		case f[0] == "volume" && len(rest) > 0: // of a series
			rest[len(rest)-1] += " " + value
		case f[0] == "number" && len(rest) > 0:
			rest[len(rest)-1] += "(" + value + ")"
		case f[0] != "doi" && i > 0:
			rest = append(rest, value)
		}
	}
	if len(rest) > 0 {
		r.Venue += ", " + strings.Join(rest, ", ")
	}
	r.BibTeX = bib.String() + "}\n"
	return r
}

// DOI returns the work's address, or "".
func (r Reference) DOI() string {
	_, after, found := strings.Cut(r.BibTeX, "doi = {")
	if !found {
		return ""
	}
	doi, _, _ := strings.Cut(after, "}")
	return doi
}

// Names returns the authors as a list of references shows them.
func (r Reference) Names() string {
	var names []string
	for _, name := range strings.Split(r.Authors, " and ") {
		last, first, _ := strings.Cut(name, ", ")
		names = append(names, strings.TrimSpace(first+" "+last))
	}
	return listed(names)
}

// refer numbers what the document cites, in order of citation.
func (d *Document) refer() {
	seen := map[string]bool{}
	d.walk(func(t Text) {
		for _, s := range t {
			if s.Kind != Cite || seen[s.Text] {
				continue
			}
			seen[s.Text] = true
			for _, w := range works() {
				if w.key == s.Text {
					d.References = append(d.References, w.reference())
				}
			}
		}
	})
}

// citation returns a work's number in the list of references, from 1; 0: not in it.
func (d *Document) citation(key string) int {
	for i, r := range d.References {
		if r.Key == key {
			return i + 1
		}
	}
	return 0
}

// walk calls do for each text of the document, in order.
func (d *Document) walk(do func(Text)) {
	for _, t := range d.Abstract {
		do(t)
	}
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			do(b.Paragraph)
			for _, t := range b.List {
				do(t)
			}
			if b.Table != nil {
				do(b.Table.Caption)
				for _, row := range b.Table.Rows {
					for _, t := range row {
						do(t)
					}
				}
			}
			if b.Figure != nil {
				do(b.Figure.Caption)
			}
		}
	}
}
