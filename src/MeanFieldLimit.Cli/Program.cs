Console.WriteLine("mfl");
