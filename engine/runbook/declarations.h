// What a file declares before its steps: variables, secrets, connections, settings. Read once, whoever uses the file.
#pragma once
#include "runbook/action_reader.h"

namespace runbook {

struct SourceDocument;

template <class T>
struct Declared {
  T what;
  const yaml::Node* node = nullptr;      // the whole declaration, to compare two of one name
  const SourceDocument* from = nullptr;  // the file that wrote it
};

struct DeclaredVariable {
  Variable variable;
  const yaml::Node* fallback = nullptr;  // `default`
};

struct Declarations {
  // In the order written; those adopted from used files follow the file's own.
  std::vector<Declared<DeclaredVariable>> variables;
  std::vector<Declared<Secret>> secrets;
  std::vector<Declared<Connection>> connections;
  std::map<std::string, Text> env;
  Requires requires_;
  Unread unread;  // which of these hold more than could be read
};

// One file, parsed and declared.
struct SourceDocument {
  std::uint16_t file = 0;
  std::string path, folder;  // absolute
  yaml::Node root;
  std::size_t values = 0;  // in it
  RefusedKeys refused;     // of its top level
  Declarations declared;
};

class DeclarationReader {
 public:
  DeclarationReader(const SourceDocument& document, ValueReader& values, Kinds kinds)
      : document_(document),
        values_(values),
        actions_(values, kinds),
        kinds_(kinds) {}
  Declarations read();

 private:
  // Nothing: nobody can tell what it is called. One that is called something and no more is known of is `unread`.
  std::optional<DeclaredVariable> variable(const yaml::Scalar& name, const yaml::Node& node);
  void choices(const yaml::Node& node, Variable& variable);
  std::optional<Connection> connection(const yaml::Scalar& name, const yaml::Node& node);
  std::optional<Secret> secret(const yaml::Scalar& name, const yaml::Node& node);
  Requires requirements(const yaml::Node& node);

  const SourceDocument& document_;
  ValueReader& values_;
  ActionReader actions_;
  Kinds kinds_;
};

Diagnostic bad_value(Place at, const std::string& variable, const Phrase& why);
// A path as the file's author wrote it, made absolute and normal.
std::string path_in(const std::string& folder, const std::string& path);

}  // namespace runbook
