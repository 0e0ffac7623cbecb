(* ocamlfind ocamlopt -package yojson,unix -linkpkg life_yojson_basic.ml && ./a.out HOST PORT NOTATION TEXT *)
open Yojson.Basic
let member = Util.member

let dial () =
  let host = (Unix.gethostbyname Sys.argv.(1)).Unix.h_addr_list.(0) in
  Unix.open_connection (Unix.ADDR_INET (host, int_of_string Sys.argv.(2)))

let ask (input, output) request =
  output_string output (to_string request ^ "\n");
  flush output;
  from_string (input_line input)

let options = ("options", `Assoc [ ("json", `String Sys.argv.(3)); ("updates", `Bool false) ])
let strings members = `Assoc (List.map (fun (key, value) -> (key, `String value)) members)

let () =
  let tg = dial () in
  ignore (ask tg (`Assoc [ options; ("signin", strings [ ("phone", "9996620001") ]) ]));
  let signed_in = ask tg (`Assoc [ ("signin", strings [ ("code", "22222") ]) ]) in
  let saved = to_string (member "session" signed_in) in
  close_in (fst tg);
  let tg = dial () in
  ignore (ask tg (`Assoc [ options; ("session", from_string saved) ]));
  let resolve = strings [ ("_cons", "contacts.resolveUsername"); ("username", "echobot") ] in
  let found = ask tg (`Assoc [ ("message", resolve) ]) in
  let user = found |> member "message" |> member "users" |> Util.index 0 in
  let peer =
    `Assoc [ ("_cons", `String "inputPeerUser"); ("user_id", member "id" user);
             ("access_hash", member "access_hash" user) ] in
  let message =
    `Assoc [ ("_cons", `String "messages.sendMessage"); ("peer", peer); ("message", `String Sys.argv.(4)) ] in
  print_endline (to_string (ask tg (`Assoc [ ("message", message) ])))
