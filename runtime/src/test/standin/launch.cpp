#include "graph.h"
namespace standin {
void checkLaunch(const KernelWork&, const Context&, bool) {}
void launch(const KernelWork&, Context&) {}
const std::string& nameOf(const Function&) { static std::string s; return s; }
}
