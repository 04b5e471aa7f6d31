package serve

import "net/http"

type reports struct{ store *store }

func newReports(s *store) *reports { return &reports{s} }

func (p *pages) report(w http.ResponseWriter, r *http.Request, d *digest) { p.refuse(w, errNoPage) }
