package catalogue

// caches are bugs of copies that get old.
func caches() []Bug {
	return []Bug{
		{
			Name:    "cache-stale-fill",
			Plan:    exploring("cache-stale-fill"),
			Right:   "cache-lease",
			Anomaly: "an old row stays in the cache: a slow reader puts it in after the writer has cleared it",
		},
	}
}
