package serve

import (
	"html/template"
	"net/http"

	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// Names of pictures.
const (
	throughputPicture = "throughput"
	latencyPicture    = "latency"
)

type drawings struct{ store *store }

func newDrawings(s *store) *drawings { return &drawings{s} }

func throughput(s *series.Series) template.HTML { return "" }

func (p *pages) figure(w http.ResponseWriter, r *http.Request) { p.refuse(w, errNoPage) }
