//! A schema as a picture: Mermaid, Graphviz DOT, a page of its own.
