// Package paper writes the consistency report over one or many runs, in the manner
// of a conference paper: what was tested and how, which promises held, how sure
// that is, one counterexample of each kind of anomaly, and how to repeat it.
//
// Start from [Gather], which reads run folders one after another and keeps of each
// only what the report needs, [Write] and the [Document] between them:
//
//	study, err := paper.Gather(ctx, []string{"store"}, nil)
//	err = paper.Write(w, paper.Compose(study), paper.Markdown)
//
// There is one document for all formats. Every figure in it that was counted names
// the runs that it was counted in. Texts that come from runs (keys, values, commands)
// are data in the document, and escaped by the format that writes them.
//
// The package judges nothing. What results.json leaves open is not decided here
// either, and runs that proved nothing count for nothing.
package paper
