// Package serve shows a store of runs in a browser.
//
// Start from [Listen]:
//
//	server, err := serve.Listen(serve.Options{Store: "store", Addr: "127.0.0.1:8080"})
//	fmt.Println(server.URL())
//	err = server.Serve(ctx)
//
// It shows the runs of the store, one run also while it goes on, two beside each
// other, and many over time: docs/serve.md lists the pages.
//
// It only reads, and writes nothing, neither into the store nor elsewhere. What it
// serves are the files of run folders and pages made of them; nothing outside the
// store, whatever a request or a link says. It has no users and no passwords: who
// reaches its address sees the store.
package serve
