//! Threads as the THREAD response shows them (RFC 5256 §4). Threads may be as deep as a mailbox is long, so nothing here recurs.

/// Trees of messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forest {
    nodes: Vec<Node>,
    roots: Vec<usize>,
}

/// A message, or a stand-in for one that is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Node {
    name: Option<u32>,
    children: Vec<usize>,
}

/// What is still to be written.
enum Todo {
    List(usize),
    Members(usize),
    Octet(u8),
}

impl Forest {
    /// Adds a message without children, or a dummy; the index is for the other functions.
    pub(super) fn add(&mut self, name: Option<u32>) -> usize {
        self.nodes.push(Node { name, children: Vec::new() });
        self.nodes.len() - 1
    }

    /// Gives a node its children, in order. No node may be an ancestor of itself.
    pub(super) fn set_children(&mut self, node: usize, children: Vec<usize>) {
        if let Some(node) = self.nodes.get_mut(node) {
            node.children = children;
        }
    }

    /// Says which nodes begin threads, in order.
    pub(super) fn set_roots(&mut self, roots: Vec<usize>) {
        self.roots = roots;
    }

    /// `THREAD` and the threads.
    pub fn to_response(&self) -> String {
        let mut out = b"THREAD".to_vec();
        if !self.roots.is_empty() {
            out.push(b' ');
        }
        let mut todo: Vec<Todo> = self.roots.iter().rev().map(|&root| Todo::List(root)).collect();
        while let Some(next) = todo.pop() {
            match next {
                Todo::Octet(octet) => out.push(octet),
                Todo::List(node) => {
                    out.push(b'(');
                    todo.extend([Todo::Octet(b')'), Todo::Members(node)]);
                }
                Todo::Members(node) => self.write_members(node, &mut out, &mut todo),
            }
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    /// A line of single children goes on behind a blank, several children are lists of their own.
    fn write_members(&self, node: usize, out: &mut Vec<u8>, todo: &mut Vec<Todo>) {
        let Some(node) = self.nodes.get(node) else { return };
        if let Some(name) = node.name {
            out.extend_from_slice(name.to_string().as_bytes());
        }
        let lists = node.children.iter().rev().map(|&child| Todo::List(child));
        match (node.children.as_slice(), node.name) {
            ([child], _) => todo.push(Todo::Members(*child)),
            (_, _) => todo.extend(lists),
        }
        if node.name.is_some() && !node.children.is_empty() {
            todo.push(Todo::Octet(b' '));
        }
    }
}
