#!/usr/bin/env bash
# Packs the libraries and the tool, installs them from a folder as a user would, and runs what the README shows: the
# first lines of C# in a new project, the tool from a new folder, with an activation of a project as docs/adding.md has
# it. packages.sh [FOLDER]: where the packages stay.
set -eu
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packages=${1:-$work/packages}
mkdir -p "$packages"
packages=$(cd "$packages" && pwd)
# Not one that an earlier run has left in a cache.
version=0.1.0-test$$
rid=linux-x64
# The build of the repository has run the analysers.
quick="-p:RunAnalyzers=false --artifacts-path $work/build"
for project in solvers/MeanFieldLimit.Solvers src/MeanFieldLimit validation/MeanFieldLimit.Validation; do
  dotnet pack "$project" -c Release -o "$packages" -p:Version=$version $quick
done
dotnet pack src/MeanFieldLimit.Cli -c Release -o "$packages" -p:Version=$version -p:RuntimeIdentifiers=$rid $quick
tool=$packages/MeanFieldLimit.Cli.$rid.$version.nupkg
megabytes=$(($(stat -c %s "$tool") / 1000000))
echo "the tool's package for $rid has $megabytes MB"
[ "$megabytes" -lt 15 ]

mkdir "$work/user"
cd "$work/user"
dotnet tool install --tool-path "$work/tool" --source "$packages" MeanFieldLimit.Cli --version $version
"$work/tool/mfl" example three-layer
"$work/tool/mfl" solve three-layer.json --set training.time=0.1 --quiet --out run
[ -f run/report.html ] && [ -f run/figures/risk-curves.png ]

cat >user.csproj <<EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RestoreAdditionalProjectSources>$packages</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="MeanFieldLimit" Version="$version" />
  </ItemGroup>
</Project>
EOF
sed -n '/^```csharp/,/^```$/p' "$OLDPWD/README.md" | sed '/^```/d; s|examples/||' >Program.cs
dotnet run -c Release >printed
sed -n 's|^// ||p' Program.cs >promised
diff promised printed
echo "the README's lines print what they say"

# lines LANGUAGE PAGE: the blocks of a page in a language.
lines() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$OLDPWD/$2" | sed '/^```/d'; }
mkdir plugin
lines xml docs/adding.md | sed "s/Version=\".*\"/Version=\"$version\"/" >plugin/Softsign.csproj
lines csharp docs/adding.md >plugin/Softsign.cs
dotnet build plugin -c Release -p:RestoreAdditionalProjectSources="$packages"
sed -i 's/"tanh"/"softsign"/' three-layer.json
"$work/tool/mfl" solve three-layer.json --set training.time=0.1 --quiet --out softsign \
  --plugin plugin/bin/Release/net10.0/Softsign.dll
grep -q 'plugin Softsign.dll' softsign/report.html
echo "the tool finds an activation of a project of its own"
